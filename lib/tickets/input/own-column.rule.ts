import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { unicodeProblem } from './arguments.js';
import { dataProblem } from './data.rule.js';
import { dateProblem, describe } from './rules.js';

type Problem = (value: unknown, column: ColumnMetadata, dataSource: DataSource) => string | undefined;

const must =
  (wanted: string, isFine: (value: unknown) => boolean): Problem =>
  (value) =>
    isFine(value) ? undefined : `must be ${wanted}, not ${describe(value)}`;

const isDigits = (value: unknown): boolean => typeof value === 'string' && /^-?\d{1,19}$/.test(value);
const isDecimal = (value: unknown): boolean =>
  typeof value === 'string' && /^-?\d{1,65}(\.\d{1,30})?$/.test(value);
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

const text: Problem = (value, column, { driver }) => {
  if (typeof value !== 'string') return `must be a string, not ${describe(value)}`;
  // SQLite ignores the length, and the others refuse the row.
  const longest = Number(driver.getColumnLength(column)) || Infinity;
  return value.length > longest
    ? `must be a string of at most ${longest} characters; this one has ${value.length}`
    : unicodeProblem(value);
};

const whole =
  (bits: number): Problem =>
  (value, { unsigned }) => {
    const [least, most] = unsigned ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
    const isFine = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
    return isFine ? undefined : `must be a whole number from ${least} to ${most}`;
  };

const bigint = must(
  'a whole number that JavaScript holds exactly, a bigint, or a string of digits',
  (value) => Number.isSafeInteger(value) || typeof value === 'bigint' || isDigits(value),
);
const number = must('a finite number', isNumber);
const decimal = must(
  'a finite number, or its digits as a string',
  (value) => isNumber(value) || isDecimal(value),
);
const boolean = must('true or false', (value) => typeof value === 'boolean');
const instant: Problem = (value) => dateProblem(value);
const day = must(
  "a day as '2026-12-24', or a valid Date",
  (value) =>
    dateProblem(value) === undefined || (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)),
);
const time = must(
  "a time as '18:30:00'",
  (value) => typeof value === 'string' && /^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/.test(value),
);
const uuid = must(
  'a uuid',
  (value) => typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
);
// TypeORM joins them by commas.
const list = must(
  'an array of strings without commas',
  (value) =>
    Array.isArray(value) &&
    value.every((one) => typeof one === 'string' && !one.includes(',') && unicodeProblem(one) === undefined),
);
const oneOf: Problem = (value, { enum: known = [] }) =>
  known.includes(value as string) ? undefined : `must be one of ${known.join(', ')}`;

const kind = (problem: Problem, ...types: string[]): [string, Problem][] =>
  types.map((type) => [type, problem]);

/** By the types of TypeORM; a class of JavaScript's by its name. What is not among them is left to the database. */
const KINDS: ReadonlyMap<string, Problem> = new Map([
  ...kind(text, 'String', 'varchar', 'nvarchar', 'character varying', 'char', 'nchar', 'character', 'citext'),
  ...kind(text, 'text', 'tinytext', 'mediumtext', 'longtext', 'clob'),
  ...kind(whole(32), 'Number', 'int', 'integer', 'int4'),
  ...kind(whole(24), 'mediumint'),
  ...kind(whole(16), 'smallint', 'int2'),
  ...kind(bigint, 'bigint', 'int8'),
  ...kind(number, 'float', 'float4', 'float8', 'real', 'double', 'double precision'),
  ...kind(decimal, 'decimal', 'numeric', 'dec', 'fixed'),
  ...kind(boolean, 'Boolean', 'boolean', 'bool'),
  ...kind(instant, 'Date', 'datetime', 'timestamp', 'timestamptz'),
  ...kind(instant, 'timestamp with time zone', 'timestamp without time zone'),
  ...kind(day, 'date'),
  ...kind(time, 'time', 'time without time zone'),
  ...kind(uuid, 'uuid'),
  ...kind(list, 'simple-array'),
  ...kind(oneOf, 'enum', 'simple-enum'),
  ...kind(dataProblem, 'json', 'jsonb', 'simple-json'),
]);

const typeOf = ({ type }: ColumnMetadata): string => (typeof type === 'function' ? type.name : type);

/** What has no `=` in one database or another, or compares by what its JSON looks like. */
const isJson = (column: ColumnMetadata): boolean => KINDS.get(typeOf(column)) === dataProblem;

/** Whether it has text, which MariaDB and MySQL compare without its spaces at the end. */
export const isText = (column: ColumnMetadata): boolean => KINDS.get(typeOf(column)) === text;

/** What is wrong with a value for a column of the app's own, and what to write; nothing when it is fine. */
export function ownColumnProblem(
  value: unknown,
  column: ColumnMetadata,
  dataSource: DataSource,
): string | undefined {
  // TypeORM takes a function for SQL.
  if (typeof value === 'function' || typeof value === 'symbol')
    return `must be a value, not ${describe(value)}`;
  try {
    const stored = transformed(value, column) ?? null;
    if (stored === null) return column.isNullable ? undefined : 'must not be null';
    if (typeof stored === 'function') return 'must be a value, not a function';
    return column.isArray ? undefined : KINDS.get(typeOf(column))?.(stored, column, dataSource);
  } catch {
    // The error may quote the value.
    return "is refused by its column's transformer";
  }
}

/** The same for a value to look for. */
export function ownFilterProblem(
  value: unknown,
  column: ColumnMetadata,
  dataSource: DataSource,
): string | undefined {
  if (isJson(column) || column.isArray)
    return `cannot be looked for: its type is ${typeOf(column)}${column.isArray ? '[]' : ''}`;
  return value === null ? undefined : ownColumnProblem(value, column, dataSource);
}

/** What TypeORM hands to the column's type. */
export const transformed = (value: unknown, { transformer }: ColumnMetadata): unknown =>
  [transformer ?? []].flat().reduce<unknown>((known, one) => one.to(known), value);
