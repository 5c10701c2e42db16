import { isDate } from 'node:util/types';
import {
  IsBoolean,
  IsInstance,
  IsInt,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  validateSync,
  type ValidationArguments,
  type ValidationError,
} from 'class-validator';
import { passesQuickly } from './quick-check.js';

/** A class of class-validator rules. Every field has an initialiser: its default, or `undefined`. */
export type Rules<T extends object = object> = new () => T;

const sentences = (error: ValidationError): string[] => Object.values(error.constraints ?? {});

/** An instance of the rules with the fields of an object, and with defaults where the object has none. */
export function filled<T extends object>(rules: Rules<T>, fields: object): T {
  const instance = new rules();
  const given = Object.keys(instance).map((name) => [name, fields[name as keyof object]]);
  return Object.assign(instance, withoutUndefined(Object.fromEntries(given)));
}

/**
 * Validates an object against classes of rules: a field that none of them names is a problem, too.
 *
 * @param what the object's name in messages
 * @returns one sentence for each problem
 */
export const validate = (value: unknown, what: string, ...classes: Rules[]): string[] =>
  validateBeside([], value, what, ...classes);

/** The same for an object that may have fields of these names, too, which others validate. */
export function validateBeside(
  others: readonly string[],
  value: unknown,
  what: string,
  ...classes: Rules[]
): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [`${what} must be an object, not ${describe(value)}`];
  }
  if (classes.length === 1 && passesQuickly(value, classes[0]!, others)) return [];
  const known = [...classes.flatMap((rules) => Object.keys(new rules())), ...others];
  const unknown = Reflect.ownKeys(value).filter((key) => typeof key !== 'string' || !known.includes(key));
  return [
    ...unknownProblem(unknown.map(quote), `write one of ${known.join(', ')}`),
    ...classes
      .flatMap((rules) =>
        validateSync(filled(rules, value), { forbidUnknownValues: false, stopAtFirstError: true }),
      )
      .flatMap(sentences),
  ];
}

/** A rule of our own: `problem` returns what is wrong with a value and what to write, or nothing. */
export function Rule(problem: (value: unknown) => string | undefined): PropertyDecorator {
  return ValidateBy({
    name: 'rule',
    validator: {
      validate: (value) => problem(value) === undefined,
      defaultMessage: (args?: ValidationArguments) => sentence(args!.property, problem(args!.value)!),
    },
  });
}

/** What is wrong with a field, or with a part of it: `data must be …`, `data.guests.0 must be …`. */
export const sentence = (name: string, problem: string): string =>
  problem.startsWith('.') ? `${name}${problem}` : `${name} ${problem}`;

/** The field may be left out; unlike class-validator's IsOptional, it may not be `null`. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** The field is `true` or `false`. */
export const Switch = (): PropertyDecorator =>
  IsBoolean({ message: ({ value }) => `$property must be true or false, not ${describe(value)}` });

/** The field is a whole number within these bounds. */
export function WholeNumber(least: number, most: number): PropertyDecorator {
  const message = `$property must be a whole number from ${least} to ${most}`;
  const rules = [IsInt({ message }), Min(least, { message }), Max(most, { message })];
  return (target, name) => rules.forEach((rule) => rule(target, String(name)));
}

/** The field is an AbortSignal. */
export const Signal = (): PropertyDecorator =>
  IsInstance(AbortSignal, { message: '$property must be an AbortSignal' });

/** What is wrong with an instant, and what to write; nothing when it is fine. Dates of other realms are dates, too. */
export const dateProblem = (value: unknown): string | undefined =>
  isDate(value) && Number.isFinite(value.getTime()) ? undefined : 'must be a valid Date';

export const isFunction = (value: unknown): boolean => typeof value === 'function';

/** The same for a function; `which` describes it in the message. */
export const functionProblem =
  (which: string) =>
  (value: unknown): string | undefined =>
    isFunction(value) ? undefined : `must be a function ${which}`;

/** Whether a value is an object as braces make it: no array, no Map, no instance of a class. */
export function isPlainObject(value: unknown): value is Record<PropertyKey, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A name for a message. It may come from a request: escaped and cut, it can neither forge nor flood a log. */
export const quote = (name: string | symbol): string =>
  `'${JSON.stringify(String(name).slice(0, 40)).slice(1, -1)}'`;

/** So many names of one object stand in a message: a body may have thousands. */
const MOST_NAMES = 5;

/** Names for a message, the first of many: `'a' and 'b'`, `'a', 'b', 'c', 'd', 'e' and 7 more`. */
export function someNames(names: readonly string[]): string {
  const [last = '', ...others] = names.slice(0, MOST_NAMES + 1).toReversed();
  if (others.length === 0) return last;
  const more = names.length - others.length;
  return `${others.toReversed().join(', ')} and ${more === 1 ? last : `${more} more`}`;
}

/** `'a' is unknown`, `'a' and 'b' are unknown`. */
export const areUnknown = (names: readonly string[]): string =>
  `${someNames(names)} ${names.length === 1 ? 'is' : 'are'} unknown`;

/** One sentence for all unknown names of an object: many of them must not repeat what to write. Nothing for none. */
export const unknownProblem = (names: readonly string[], advice: string): string[] =>
  names.length === 0 ? [] : [`${areUnknown(names)}: ${advice}`];

/** Leaves out fields whose value is `undefined`, from a missing environment variable for example. */
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
