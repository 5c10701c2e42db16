import type { DataSource, QueryRunner, SelectQueryBuilder } from 'typeorm';
import { dataSourceOf } from './typeorm.internals.js';

/** TypeORM's names for the drivers of SQLite, in a file or otherwise; `sqlite` in TypeORM 0.3 only. */
const SQLITE: ReadonlySet<string> = new Set([
  'better-sqlite3',
  'sqlite',
  'sqljs',
  'capacitor',
  'cordova',
  'expo',
  'nativescript',
  'react-native',
]);

interface RowLockWords {
  readonly clause: string;
  /** TypeORM's name for it. */
  readonly mode: 'for_no_key_update' | 'pessimistic_write';
}

const FOR_UPDATE: RowLockWords = { clause: 'FOR UPDATE', mode: 'pessimistic_write' };
/** The lock that an UPDATE takes on its row; on PostgreSQL, the one that foreign keys to the row do not conflict with. */
const ROW_LOCKS: Partial<Record<string, RowLockWords>> = {
  postgres: { clause: 'FOR NO KEY UPDATE', mode: 'for_no_key_update' },
  mysql: FOR_UPDATE,
  mariadb: FOR_UPDATE,
};

export const isSqlite = ({ options }: DataSource): boolean => SQLITE.has(options.type);

/** MariaDB or MySQL: TypeORM has two names and one driver for them. */
export const isMySql = ({ options }: DataSource): boolean => ['mysql', 'mariadb'].includes(options.type);

export const isPostgres = ({ options }: DataSource): boolean => options.type === 'postgres';

/** SERVER_STATUS_IN_TRANS of the MySQL protocol (https://dev.mysql.com/doc/dev/mysql-server/latest/mysql__com_8h.html). */
const IN_TRANSACTION = 1;

/** Whether MariaDB or MySQL says that no transaction is open after a statement; the others do not say. */
export function saysNoTransaction(result: unknown): boolean {
  const { raw = result } = Object(result) as { readonly raw?: unknown };
  const { serverStatus } = Object(raw) as { readonly serverStatus?: unknown };
  return typeof serverStatus === 'number' && (serverStatus & IN_TRANSACTION) === 0;
}

/**
 * How a statement avoids waiting for a transaction that holds its row: a statement that waits keeps a connection from
 * all others, and never ends when the work of that transaction waits for its answer. And how it makes others wait. SQLite
 * has no locks on rows (see `sqlite.connections.ts`).
 */
export class RowLock {
  private readonly words: RowLockWords | undefined;

  constructor(dataSource: DataSource) {
    this.words = ROW_LOCKS[dataSource.options.type];
  }

  /** The condition of an UPDATE on one row, which skips the row when a transaction holds it. */
  named(key: string, parameter: string, table: string): string {
    const named = `${key} = ${parameter}`;
    if (!this.words) return named;
    const free = `SELECT ${key} FROM ${table} WHERE ${named} ${this.words.clause} SKIP LOCKED`;
    // Nested once more: MySQL does not read a table directly that it updates.
    return `${key} = (SELECT ${key} FROM (${free}) free)`;
  }

  /** Makes a SELECT fail on a row that a transaction holds, rather than read its old state. */
  settled<T extends object>(select: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    return this.words ? select.setLock('pessimistic_write').setOnLocked('nowait') : select;
  }

  /** Makes a SELECT lock its rows for a DELETE, and leave out those that a transaction holds, be it by a foreign key. */
  free<T extends object>(select: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    return this.words ? select.setLock('pessimistic_write').setOnLocked('skip_locked') : select;
  }

  /** Makes a SELECT lock its rows until the transaction ends, once those that hold them have ended. */
  held<T extends object>(select: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    return this.words ? select.setLock(this.words.mode) : select;
  }
}

/**
 * Makes a transaction the one that writes, on SQLite, before it reads: otherwise it could not write any more once another
 * connection has written in between.
 *
 * @param table its path
 */
export async function lockForWriting(queryRunner: QueryRunner, table: string): Promise<void> {
  const dataSource = dataSourceOf(queryRunner);
  if (isSqlite(dataSource))
    await queryRunner.query(`DELETE FROM ${escapedPath(table, dataSource)} WHERE 1 = 0`);
}

/** The path of a table with its schema or database, if it has one, as it is written in SQL. */
export function escapedPath(path: string, dataSource: DataSource): string {
  const builder = dataSource.createQueryBuilder();
  return path
    .split('.')
    .map((part) => builder.escape(part))
    .join('.');
}

const UUID_PARTS = [8, 4, 4, 4, 12];
const UUID_LENGTH = 36;
const UUID_PATTERN = `'^${UUID_PARTS.map((length) => `[0-9a-f]{${length}}`).join('-')}$'`;
const UUID_SHAPE = `'${UUID_PARTS.map((length) => '_'.repeat(length)).join('-')}'`;
const UUID_GLOB = `'${UUID_PARTS.map((length) => '[0-9a-f]'.repeat(length)).join('-')}'`;

/** The condition that a column holds a uuid in its canonical spelling (RFC 9562, section 4), and nothing else. */
export function isCanonicalUuid(column: string, dataSource: DataSource): string {
  // Six times as fast as the whole pattern: 1 s for a million rows.
  if (isPostgres(dataSource)) {
    const isHyphenated = `${column} LIKE ${UUID_SHAPE} AND ${column} NOT LIKE '%-%-%-%-%-%'`;
    return `${isHyphenated} AND ${column} COLLATE "C" ~ '^[0-9a-f-]+$'`;
  }
  // A pattern's `$` comes before a last line break, too.
  if (isMySql(dataSource))
    return `CHAR_LENGTH(${column}) = ${UUID_LENGTH} AND ${column} REGEXP ${UUID_PATTERN}`;
  // SQLite stores bytes in a column of text, too, and its patterns end at a NUL.
  const isWhole = `typeof(${column}) = 'text' AND length(CAST(${column} AS BLOB)) = ${UUID_LENGTH}`;
  return `${isWhole} AND ${column} GLOB ${UUID_GLOB}`;
}

/**
 * The condition that a pair of columns comes after another pair, or not after it, in the order of an index on the two, and
 * that the index serves. MySQL and MariaDB find ranges in ANDs and ORs, and not in pairs; the others the other way round.
 */
export function pairCondition(
  [first, second]: readonly [string, string],
  operator: '>' | '<=',
  [firstValue, secondValue]: readonly [string, string],
  dataSource: DataSource,
): string {
  const beyond = operator === '>' ? '>' : '<';
  // The bound of the first column alone tells PostgreSQL how few rows are between two pairs: without it, it reads all.
  if (!isMySql(dataSource))
    return `${first} ${beyond}= ${firstValue} AND (${first}, ${second}) ${operator} (${firstValue}, ${secondValue})`;
  return `(${first} ${beyond} ${firstValue} OR (${first} = ${firstValue} AND ${second} ${operator} ${secondValue}))`;
}
