import { getMetadataStorage, ValidationTypes } from 'class-validator';

/** A class whose fields have rules of class-validator, and that is made without arguments. */
export type DataClass = new () => object;

/** What is read of the rules of a class. */
export interface DataFields {
  readonly names: ReadonlySet<PropertyKey>;
  /** The fields that are objects with a class of their own: `@ValidateNested()`. */
  readonly nested: ReadonlyMap<string, DataClass>;
}

const read = new WeakMap<DataClass, DataFields>();

/** The fields of a class that {@link dataClassProblems} has found to be fine. */
export function fieldsOf(type: DataClass): DataFields {
  const known = read.get(type);
  if (known) return known;
  const nested = nestedIn(type).map((name) => [name, classOf(type, name)!] as const);
  const fields = {
    names: new Set(rulesOf(type).map(({ propertyName }) => propertyName)),
    nested: new Map(nested),
  };
  read.set(type, fields);
  return fields;
}

/** What is wrong with a class, and with those of its fields, and what to write: one sentence for each problem. */
export function dataClassProblems(type: DataClass, path = 'data', met: readonly DataClass[] = []): string[] {
  if (met.includes(type)) return [];
  const rules = rulesOf(type);
  if (rules.length === 0)
    return [
      `${path} is a class without any rule of class-validator: write @IsString() or another above each field`,
    ];
  const names = new Set(rules.map(({ propertyName }) => propertyName));
  return [
    ...instanceProblems(type, path, names),
    ...methodsOf(type).map(
      (name) => `${path}.${name} is a method or an accessor: a ticket's data is plain JSON, and has none`,
    ),
    ...nestedIn(type).flatMap((name) => nestedProblems(type, name, path, [...met, type])),
  ];
}

function nestedProblems(type: DataClass, name: string, path: string, met: readonly DataClass[]): string[] {
  const nested = classOf(type, name);
  if (nested) return dataClassProblems(nested, `${path}.${name}`, met);
  return [
    `${path}.${name} has @ValidateNested(), and the class of its objects cannot be found: declare it as one class, with ` +
      'emitDecoratorMetadata on; for a list of objects, write a schema (zod, valibot, arktype) in place of the class',
  ];
}

function instanceProblems(type: DataClass, path: string, names: ReadonlySet<string>): string[] {
  try {
    const defaults = Object.entries(new type()).filter(([, value]) => value !== undefined);
    return defaults
      .filter(([name]) => !names.has(name))
      .map(([name]) => `${path}.${name} has a default and no rule: write @Allow() or another rule above it`);
  } catch {
    return [`${path} is a class whose constructor throws without arguments: leave the constructor out`];
  }
}

/** Names of methods and accessors, those of its base classes included. */
function methodsOf(type: DataClass): string[] {
  const names: string[] = [];
  for (
    let at = type.prototype as object | null;
    at && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  )
    names.push(...Object.getOwnPropertyNames(at).filter((name) => name !== 'constructor'));
  return names;
}

const rulesOf = (type: DataClass) =>
  getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);

const nestedIn = (type: DataClass): string[] => [
  ...new Set(
    rulesOf(type)
      .filter(({ type: kind }) => kind === ValidationTypes.NESTED_VALIDATION)
      .map(({ propertyName }) => propertyName),
  ),
];

/** The class that a field is declared with, as compilers note it; `undefined` for a list, an interface, a union. */
function classOf(type: DataClass, name: string): DataClass | undefined {
  const noted: unknown = Reflect.getMetadata('design:type', type.prototype as object, name);
  const isClass = typeof noted === 'function' && !BUILT_IN.has(noted);
  return isClass ? (noted as DataClass) : undefined;
}

const BUILT_IN = new Set<unknown>([
  Object,
  Array,
  String,
  Number,
  Boolean,
  Date,
  Map,
  Set,
  Function,
  Promise,
]);

/** Whether a value is a class, as opposed to a function that is only called. */
export const isDataClass = (value: unknown): value is DataClass =>
  typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null;
