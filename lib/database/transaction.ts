import type { QueryRunner } from 'typeorm';
import type { Connection } from './connections.js';
import { isPostgres } from './dialect.js';
import { retry } from './retry.js';
import { dataSourceOf } from './typeorm.internals.js';

/**
 * Runs work in a transaction on a connection: commits when it resolves, and rolls back when it rejects.
 *
 * Each statement of it reads what was committed before that statement. Under the usual level of MariaDB and MySQL it
 * would read what was committed before the first, and lock every row that it looks at.
 */
export async function inTransaction<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  const { queryRunner } = connection;
  await connection.begin('READ COMMITTED');
  try {
    const result = await work();
    await commit(queryRunner);
    return result;
  } catch (error) {
    await rollBack(queryRunner);
    throw error;
  }
}

/** Waits for those who read the SQLite file: they are over soon. */
export const commit = (queryRunner: QueryRunner): Promise<void> =>
  retry(
    () => queryRunner.commitTransaction(),
    (transient) => transient === 'busy',
  );

/**
 * Rolls back all of it, with the transactions in it that the work has left open: TypeORM ends one at a time.
 *
 * @returns why nobody knows whether it is rolled back
 */
export async function rollBack(queryRunner: QueryRunner): Promise<{ readonly error: unknown } | undefined> {
  try {
    while (queryRunner.isTransactionActive) await queryRunner.rollbackTransaction();
    return undefined;
  } catch {
    // A deadlock may have removed the savepoint, for example.
    return queryRunner.query('ROLLBACK').then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
  }
}

/** Whether a transaction reads what others have committed since it began: on PostgreSQL, in READ COMMITTED only. */
export async function readsCommitted(queryRunner: QueryRunner): Promise<boolean> {
  if (!isPostgres(dataSourceOf(queryRunner))) return true;
  const sql = "SELECT current_setting('transaction_isolation') AS level";
  const [{ level }] = (await queryRunner.query(sql)) as [{ level: string }];
  // PostgreSQL takes READ UNCOMMITTED for it.
  return level.startsWith('read ');
}
