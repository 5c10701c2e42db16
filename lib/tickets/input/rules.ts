import { isDate } from 'node:util/types';
import {
  ValidateBy,
  ValidateIf,
  validateSync,
  type ValidationArguments,
  type ValidationError,
} from 'class-validator';

const names = (rules: new () => object): string[] => Object.keys(new rules());

const sentences = (error: ValidationError): string[] => Object.values(error.constraints ?? {});

/**
 * Checks an object against a class of class-validator rules, whose every field has an initialiser: fields that the
 * class does not name are faults too.
 *
 * @returns one sentence for each fault; none: the object is as it should be
 */
export function validate(rules: new () => object, value: unknown, what: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [`${what} must be an object, not ${describe(value)}`];
  }
  const known = names(rules);
  const unknown = Reflect.ownKeys(value).filter((key) => typeof key !== 'string' || !known.includes(key));
  const subject = new rules();
  for (const name of known) Object.assign(subject, { [name]: (value as Record<string, unknown>)[name] });
  return [
    ...unknown.map((key) => `${quote(key)} is unknown: write one of ${known.join(', ')}`),
    ...validateSync(subject, { forbidUnknownValues: false }).flatMap(sentences),
  ];
}

/** A rule of our own: `complaint` says what is wrong with a value and what to write, or nothing. */
export function Rule(problem: (value: unknown) => string | undefined): PropertyDecorator {
  return ValidateBy({
    name: 'rule',
    validator: {
      validate: (value) => problem(value) === undefined,
      defaultMessage: (args?: ValidationArguments) => `${args?.property} ${problem(args?.value)}`,
    },
  });
}

/** The field may be left out; unlike class-validator's IsOptional, it may not be `null`. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** What is wrong with a switch, and what to write; nothing when it is fine. */
export const switchProblem = (value: unknown): string | undefined =>
  typeof value === 'boolean' ? undefined : `must be true or false, not ${describe(value)}`;

export const isFunction = (value: unknown): boolean => typeof value === 'function';

/** The same with a function; `which` says what for. */
export const functionProblem =
  (which: string) =>
  (value: unknown): string | undefined =>
    isFunction(value) ? undefined : `must be a function ${which}`;

/** Whether a value is an object as written with braces, and not an array, a Map or an instance of something. */
export function isPlainObject(value: unknown): value is Record<PropertyKey, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A name for a message. It may come from a request: escaped and cut, it can neither forge nor flood a log. */
export const quote = (name: string | symbol): string =>
  `'${JSON.stringify(String(name).slice(0, 40)).slice(1, -1)}'`;

/** A field that is spelled out as undefined (from a missing environment variable, say) is left out. */
export const withoutUndefined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** A value's kind for a message; never the value itself, which may be a secret. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string';
  if (typeof value === 'undefined') return 'undefined';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** What is wrong with a number of things, and what to write; nothing when it is fine. */
export const countProblem =
  (most: number) =>
  (value: unknown): string | undefined => {
    const isCount = Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
    return isCount ? undefined : `must be a whole number from 1 to ${most}`;
  };

/** What is wrong with an instant, and what to write; nothing when it is fine. */
export const dateProblem = (value: unknown): string | undefined =>
  isDate(value) && Number.isFinite(value.getTime()) ? undefined : 'must be a valid Date';
