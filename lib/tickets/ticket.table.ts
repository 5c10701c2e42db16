import type { ColumnOptions } from 'typeorm';
import { columnTransformer } from '../database/typeorm.internals.js';
import { orNull, readInstant } from './column.readers.js';

/** The table's name, before an `entityPrefix` of the app's data source. */
export const TICKET_TABLE = 'ticket_office_ticket';

/**
 * What TypeORM writes after `ENGINE=` on MySQL and MariaDB, and nowhere else. Only here can one entity for all databases
 * make these two compare text byte for byte, emoji included, as the others do.
 */
export const MYSQL_TABLE_OPTIONS = 'InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** Longest `place` and `purpose`, in UTF-16 code units. */
export const NAME_LENGTH = 100;
/** Longest `subject`, in UTF-16 code units: an indexed utf8mb4 column of old MySQL holds no more. */
export const SUBJECT_LENGTH = 191;
/** Longest verifier, in characters. */
export const VERIFIER_LENGTH = 255;
/** Length of a canonical uuid, in characters (RFC 9562, section 4). */
export const UUID_LENGTH = 36;

/** A `Date` as the database keeps it: milliseconds since 1970-01-01T00:00:00Z. */
const toMilliseconds = (instant: Date | null): number | null => instant?.getTime() ?? null;

const toInstant = (milliseconds: unknown): Date | null => orNull(readInstant)(milliseconds).value;

/**
 * An instant in a `bigint` column. The date types of the databases differ in precision, and in how they treat time zones
 * (of the process, the connection, the server); a count of milliseconds is the same in all.
 */
export const instantColumn = (name: string, options: ColumnOptions = {}): ColumnOptions => ({
  name,
  type: 'bigint',
  transformer: columnTransformer(toMilliseconds, toInstant),
  ...options,
});
