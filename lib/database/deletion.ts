import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { escapedPath, isMySql, isPostgres, RowLock } from './dialect.js';
import { dataSourceOf, entityOf } from './typeorm.internals.js';

/** SQL, and the values of its parameters. */
export type Deletion = readonly [sql: string, parameters: unknown[]];

/** In ms: a row that is held for a moment delays nobody by more. */
const HASTE = 100;

/**
 * A DELETE of the rows that meet a condition, which fails where a transaction holds one of them for longer than a moment
 * ({@link isLockNotAvailable}). On SQLite, which has no locks on rows, it does not; `undefined` on MySQL and MariaDB, where
 * a statement cannot have a time-out of its own.
 *
 * @param rows selects them
 * @param condition of the same rows, by the names of its parameters
 */
export function deleteHastily<T extends object>(
  rows: SelectQueryBuilder<T>,
  condition: string,
): Deletion | undefined {
  const dataSource = dataSourceOf(rows);
  if (isMySql(dataSource)) return undefined;
  const inHaste = `(SELECT set_config('lock_timeout', '${HASTE}', true)) IS NOT NULL`;
  return deleteWhere(isPostgres(dataSource) ? `${inHaste} AND ${condition}` : condition, rows);
}

/**
 * A DELETE of the few rows that meet a condition, less those that a transaction holds: SQL that finds the rows once, and
 * looks each up, whatever the database knows about the table: statistics may lack. Not on SQLite.
 *
 * @param rows selects them by their key
 * @param condition of the same rows, by the names of its parameters
 */
export function deleteFree<T extends object>(
  rows: SelectQueryBuilder<T>,
  key: string,
  condition: string,
): Deletion {
  const dataSource = dataSourceOf(rows);
  const select = new RowLock(dataSource).free(rows);
  if (isMySql(dataSource)) {
    const [sql, parameters] = select.getQueryAndParameters();
    const path = escapedPath(entityOf(rows).tablePath, dataSource);
    // In this order: of a small table, all rows would be read and locked first.
    const doomed = `DELETE doomed FROM (${sql}) free STRAIGHT_JOIN ${path} doomed ON doomed.${key} = free.${key}`;
    return [doomed, parameters];
  }
  // By the place of a row on the disk, which its lock keeps; the partitions of a table use the same ones, hence the condition.
  const isFree = `ctid = ANY(ARRAY(${select.select('ctid').getQuery()}))`;
  return deleteWhere(`${isFree} AND ${condition}`, select);
}

const deleteWhere = <T extends object>(condition: string, rows: SelectQueryBuilder<T>): Deletion =>
  dataSourceOf(rows)
    .createQueryBuilder()
    .delete()
    .from(entityOf(rows).target)
    .where(condition)
    .setParameters(rows.getParameters())
    .getQueryAndParameters();

/** Whether `DELETE … RETURNING` tells of each row that it has deleted; MariaDB does, and MySQL does not. */
export const returnsDeleted = (dataSource: DataSource): boolean => !isMySql(dataSource);

/**
 * Another value for RETURNING, with which PostgreSQL does not wait for the disk at the end of the statement's transaction
 * (`synchronous_commit`): for what is done again when a crash of the server undoes it.
 */
export const withoutWaitingForDisk = (dataSource: DataSource): string =>
  isPostgres(dataSource) ? `, (SELECT set_config('synchronous_commit', 'off', true))` : '';
