import type { ColumnOptions } from 'typeorm';

/** A `Date` as the database keeps it: milliseconds since 1970-01-01T00:00:00Z. */
export const toMilliseconds = (instant: Date | null): number | null => instant?.getTime() ?? null;

// PostgreSQL's driver hands a bigint over as a string; SQLite's and MariaDB's as a number.
const toInstant = (milliseconds: number | string | null): Date | null =>
  milliseconds === null ? null : new Date(Number(milliseconds));

/**
 * An instant in a `bigint` column. The date types of the three databases differ in precision and in what they
 * do to a time zone (of the process, of the connection, of the server); a count of milliseconds does neither.
 */
export const instantColumn = (name: string, options: ColumnOptions = {}): ColumnOptions => ({
  name,
  type: 'bigint',
  transformer: { to: toMilliseconds, from: toInstant },
  ...options,
});
