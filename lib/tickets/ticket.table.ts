import { type ColumnOptions, type EntityOptions, Index } from 'typeorm';
import { columnTransformer } from '../database/typeorm.internals.js';
import { orNull, readInstant } from './column.readers.js';

/** The table's name, before an `entityPrefix` of the app's data source. */
export const TICKET_TABLE = 'ticket_office_ticket';

/**
 * What TypeORM writes after `ENGINE=` on MySQL and MariaDB, and nowhere else. Only here can one entity for all databases
 * make these two compare text byte for byte, emoji included, as the others do.
 */
export const MYSQL_TABLE_OPTIONS = 'InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** What `@Entity()` takes for the table of tickets. */
export const TICKET_ENTITY: EntityOptions = { name: TICKET_TABLE, engine: MYSQL_TABLE_OPTIONS };

/** Longest `place` and `purpose`, in UTF-16 code units. */
export const NAME_LENGTH = 100;
/** Longest `subject`, in UTF-16 code units: an indexed utf8mb4 column of old MySQL holds no more. */
export const SUBJECT_LENGTH = 191;
/** Longest verifier, in characters. */
export const VERIFIER_LENGTH = 255;
/** Length of a canonical uuid, in characters (RFC 9562, section 4). */
export const UUID_LENGTH = 36;

interface TableIndexOptions {
  readonly columns: readonly string[];
  /** On PostgreSQL and SQLite only these rows are in it; MySQL and MariaDB have no such indexes, and ignore it. */
  readonly where?: string;
}

/**
 * What serves `list`, `count`, `revokeAll` and `clean`: each ends with the uuid, by which pages and batches go on.
 *
 * No index has a column that a claim or a stamp changes. On PostgreSQL, such an update would write to every index of the
 * table; so it writes to none (a heap-only update). Used and claimed tickets are therefore found by their other columns.
 */
export const TICKET_INDEXES: readonly TableIndexOptions[] = [
  // A purpose is searched for within its place, in the order of the uuids.
  { columns: ['place', 'uuid', 'purpose'] },
  { columns: ['purpose', 'uuid'] },
  { columns: ['subject', 'uuid'], where: '"subject" IS NOT NULL' },
  // By these three, `clean` finds what is over: expired, revoked, or used before the rest.
  { columns: ['expiresAt', 'uuid'] },
  { columns: ['revokedAt', 'uuid'], where: '"revokedAt" IS NOT NULL' },
  { columns: ['createdAt', 'uuid'] },
  { columns: ['attempts', 'uuid'], where: '"attempts" > 0' },
];

/**
 * The part of a page of PostgreSQL that new rows fill, in %. The rest is for the two newer versions of a row that its
 * claim and its stamp write: heap-only updates need room on the same page.
 */
export const FILL_FACTOR = 70;

/** Declares the indexes of the table; without names, which TypeORM derives from the table's, prefix included. */
export function TicketIndexes(): ClassDecorator {
  return (entity) => {
    for (const { columns, where } of TICKET_INDEXES) Index([...columns], where ? { where } : {})(entity);
  };
}

/**
 * Gives an entity another name than its class has. TypeORM looks entities up by the `name` of their class, for a relation
 * or a repository that is asked for by name, and @nestjs/typeorm makes its tokens from it: so an app may have an entity of
 * the same name as ours.
 */
export function EntityName(name: string): ClassDecorator {
  return (entity) => void Object.defineProperty(entity, 'name', { value: name, configurable: true });
}

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
