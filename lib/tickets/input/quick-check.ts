import { getMetadataStorage, ValidationTypes } from 'class-validator';

/** A class of rules, as in `rules.ts`. */
type Rules = new () => object;
type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
/** Whether one decorator accepts the value of its field; a condition, whether the field's rules apply to it. */
type Check = (value: unknown, fields: object) => boolean;

interface Field {
  readonly name: string;
  readonly conditions: readonly Check[];
  readonly rules: readonly Check[];
}

interface Checks {
  readonly names: ReadonlySet<PropertyKey>;
  readonly fields: readonly Field[];
}

/** The checks of each class of rules; `undefined` for a class with more than simple rules. */
const compiled = new WeakMap<Rules, Checks | undefined>();

/**
 * Whether an object obeys a class of rules and has no fields but its own and these others. Runs the rules that class-validator has noted, in a
 * small part of its time, and says nothing about what is wrong: where it returns `false`, class-validator does.
 */
export function passesQuickly(object: object, rules: Rules, others: readonly string[] = []): boolean {
  if (!compiled.has(rules)) compiled.set(rules, compile(rules));
  const known = compiled.get(rules);
  if (!known) return false;
  // In loops: functions for each of a million inputs would leave more behind than all else.
  for (const name of Reflect.ownKeys(object))
    if (!known.names.has(name) && !others.includes(name as string)) return false;
  for (const field of known.fields) {
    const value = object[field.name as keyof object] as unknown;
    if (acceptedBy(field.conditions, value, object) && !acceptedBy(field.rules, value, object)) return false;
  }
  return true;
}

function acceptedBy(all: readonly Check[], value: unknown, fields: object): boolean {
  for (const accepts of all) if (!accepts(value, fields)) return false;
  return true;
}

function compile(rules: Rules): Checks | undefined {
  const decorators = getMetadataStorage().getTargetValidationMetadatas(rules, '', false, false);
  const defaults = Object.entries(new rules());
  // A default would be checked in place of what is missing.
  if (!decorators.every(isSimple) || defaults.some(([, value]) => value !== undefined)) return undefined;
  const checksOf = (name: string, isMeant: (metadata: Metadata) => boolean) =>
    decorators.filter((one) => one.propertyName === name && isMeant(one)).flatMap(checks);
  const fields = defaults.map(([name]) => ({
    name,
    conditions: checksOf(name, isCondition),
    rules: checksOf(name, isRule),
  }));
  return { names: new Set(fields.map(({ name }) => name)), fields };
}

const isCondition = ({ type }: Metadata): boolean => type === ValidationTypes.CONDITIONAL_VALIDATION;
const isRule = ({ type }: Metadata): boolean => type === ValidationTypes.CUSTOM_VALIDATION;

const isSimple = (metadata: Metadata): boolean =>
  isCondition(metadata) || (isRule(metadata) && !metadata.each && !metadata.validateIf);

function checks(metadata: Metadata): Check[] {
  const { propertyName: property, constraints, constraintCls } = metadata;
  if (isCondition(metadata)) {
    const applies = constraints[0] as (fields: object, value: unknown) => boolean;
    return [(value, fields) => applies(fields, value)];
  }
  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ instance }) => (value, fields) => {
      const { name: targetName } = fields.constructor ?? {};
      // A promise, of an asynchronous rule, is no `true`.
      return instance.validate(value, { value, constraints, targetName, object: fields, property }) === true;
    });
}
