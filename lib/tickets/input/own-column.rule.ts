import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { isMySql, isPostgres } from '../../database/dialect.js';
import { unicodeProblem } from './arguments.js';
import { dataProblem } from './data.rule.js';
import {
  bigintProblem,
  decimalProblem,
  numberProblem,
  singleProblem,
  wholeProblem,
} from './own-column.numbers.js';
import { dayProblem, instantProblem, timeProblem, timestampProblem } from './own-column.times.js';
import { describe } from './rules.js';

type Problem = (value: unknown, column: ColumnMetadata, dataSource: DataSource) => string | undefined;

const must =
  (wanted: string, isFine: (value: unknown) => boolean): Problem =>
  (value) =>
    isFine(value) ? undefined : `must be ${wanted}, not ${describe(value)}`;

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
  (value, column) =>
    wholeProblem(value, bits, column);
/** The databases differ in how many bits a type has that is called so. */
const single =
  (isSingle: (dataSource: DataSource) => boolean): Problem =>
  (value, _, dataSource) =>
    isSingle(dataSource) ? singleProblem(value) : numberProblem(value);
// SQLite has no defaults, whatever the driver's type says.
const decimal: Problem = (value, column, { driver }) =>
  decimalProblem(value, column, driver.dataTypeDefaults?.[typeOf(column)]);
const boolean = must('true or false', (value) => typeof value === 'boolean');
const timestamp: Problem = (value, _, dataSource) => timestampProblem(value, isMySql(dataSource));
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
  ...kind(bigintProblem, 'bigint', 'int8'),
  ...kind(numberProblem, 'float8', 'double', 'double precision'),
  ...kind(single(isPostgres), 'float4', 'real'),
  ...kind(single(isMySql), 'float'),
  ...kind(decimal, 'decimal', 'numeric', 'dec', 'fixed'),
  ...kind(boolean, 'Boolean', 'boolean', 'bool'),
  ...kind(timestamp, 'timestamp'),
  ...kind(instantProblem, 'Date', 'datetime', 'timestamptz'),
  ...kind(instantProblem, 'timestamp with time zone', 'timestamp without time zone'),
  ...kind(dayProblem, 'date'),
  ...kind(timeProblem, 'time', 'time without time zone'),
  ...kind(uuid, 'uuid'),
  ...kind(list, 'simple-array'),
  ...kind(oneOf, 'enum', 'simple-enum'),
  ...kind(dataProblem, 'json', 'jsonb', 'simple-json'),
]);

const typeOf = ({ type }: ColumnMetadata): string => (typeof type === 'function' ? type.name : type);

/** What has no `=` in one database or another, or compares by what its JSON looks like. */
export const isJson = (column: ColumnMetadata): boolean => KINDS.get(typeOf(column)) === dataProblem;

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
