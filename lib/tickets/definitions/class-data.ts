import { validate, type ValidationError } from 'class-validator';
import { dataProblem } from '../input/data.rule.js';
import { deepCopy } from '../input/deep-copy.js';
import { describe, isPlainObject, sentence, unknownProblem } from '../input/rules.js';
import { type CheckedData, fieldName, plainMessage, someFaults } from './data.faults.js';
import { type DataClass, fieldsOf } from './data-class.js';

type Path = readonly string[];
/** One sentence for each field, the first that was found; and one for all unknown fields of an object. */
type Faults = Map<string, string>;

/**
 * Checks `data` by the rules of a class, asynchronous ones included: unknown fields are faults, in the objects of its
 * fields, too. What is stored are the fields as given, and the class's defaults for those that are missing.
 *
 * @throws what a rule throws
 */
export async function checkClassData(type: DataClass, data: unknown): Promise<CheckedData> {
  const given = plain(type, data);
  // First of all: rules may run into circles, and into what only looks like an object's own field.
  const problem = dataProblem(given);
  if (problem !== undefined) return { faults: [sentence('data', problem)] };
  const faults: Faults = new Map();
  // A copy: what the app changes while a rule works has no effect.
  const instance = filled(type, deepCopy(given), [], faults);
  if (instance === undefined) return { faults: [...faults.values()] };
  const errors = await validate(instance, { validationError: { target: false, value: false } });
  for (const error of errors) addFaults(error, [], faults);
  return faults.size > 0 ? { faults: someFaults([...faults.values()]) } : { data: plain(type, instance) };
}

/**
 * Plain objects in place of the instances of the class, and of those of its fields: what a ValidationPipe has made of a
 * body, for example. Their fields that are `undefined` are left out.
 */
function plain(type: DataClass, value: unknown, depth = DEEPEST): unknown {
  if (!isFieldsOf(type, value) || depth === 0) return value;
  const fields: Record<string, unknown> = { ...value };
  for (const name of Object.keys(fields)) if (fields[name] === undefined) delete fields[name];
  for (const [name, nested] of fieldsOf(type).nested)
    if (Object.hasOwn(fields, name)) fields[name] = plain(nested, fields[name], depth - 1);
  return fields;
}

/** More levels than `data` may have: what lies deeper is refused. */
const DEEPEST = 20;

const isFieldsOf = (type: DataClass, value: unknown): value is object =>
  isPlainObject(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === type.prototype);

/** An instance with the known ones of these fields; the unknown ones are faults. */
function filled(type: DataClass, given: unknown, path: Path, faults: Faults): object | undefined {
  if (!isPlainObject(given)) {
    faults.set(fieldName(path), `${fieldName(path)} must be an object, not ${describe(given)}`);
    return undefined;
  }
  const { names, nested } = fieldsOf(type);
  const instance = new type();
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const at = [...path, name];
    const inner = nested.get(name);
    if (!names.has(name)) unknown.push(fieldName(at));
    else define(instance, name, inner && value !== null ? filled(inner, value, at, faults) : value);
  }
  for (const problem of unknownProblem(unknown, `write one of ${[...names].join(', ')}`))
    faults.set(unknown[0]!, problem);
  return instance;
}

/** Not by assignment, which may call a setter. */
const define = (instance: object, name: string, value: unknown): unknown =>
  Object.defineProperty(instance, name, { value, enumerable: true, writable: true, configurable: true });

function addFaults(
  { property, constraints, children = [] }: ValidationError,
  path: Path,
  faults: Faults,
): void {
  const at = [...path, property];
  const name = fieldName(at);
  // The topmost decorator is the last that runs, and as a rule the one for the type: the others would only follow from it.
  const { nestedValidation, ...others } = constraints ?? {};
  const [rule, message] = Object.entries(others).at(-1) ?? ['nestedValidation', nestedValidation];
  if (message !== undefined && !faults.has(name))
    faults.set(name, ruleSentence(name, property, message || `breaks the rule ${rule}`));
  for (const child of children) addFaults(child, at, faults);
}

/** The messages of most rules begin with the name of the field. */
const ruleSentence = (name: string, property: string, message: string): string =>
  message.startsWith(`${property} `)
    ? `${name}${plainMessage(message.slice(property.length))}`
    : `${name}: ${plainMessage(message)}`;
