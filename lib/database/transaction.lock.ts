import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import { afterEnd } from './after-commit.js';
import { isMySql, isPostgres, lockUntilCommit } from './dialect.js';
import { driverErrorOf } from './driver.error.js';
import { LockHeldError } from './fault.js';
import { dataSourceOf } from './typeorm.internals.js';

/** PostgreSQL's `lock_not_available` (its documentation, appendix A). */
const NOT_AVAILABLE = '55P03';

/**
 * Waits for other transactions that hold the lock of this name, on any connection, and holds it until the query runner's
 * transaction has ended. SQLite needs none: begin with a write there, which keeps all other writers out.
 *
 * @throws LockHeldError when another transaction has held it for as long as the database waits for a lock
 */
export async function lockUntilEnd(queryRunner: QueryRunner, name: string): Promise<void> {
  const dataSource = dataSourceOf(queryRunner);
  if (isMySql(dataSource)) await lockByName(queryRunner, `${dataSource.driver.database}:${name}`);
  else
    await lockUntilCommit(queryRunner, name).catch((error: unknown) => {
      throw driverErrorOf(error).code === NOT_AVAILABLE ? new LockHeldError() : error;
    });
}

/** MariaDB's and MySQL's locks with a name belong to the connection, and know nothing of its transactions. */
async function lockByName(queryRunner: QueryRunner, name: string): Promise<void> {
  // They take 64 characters, and the name is of the whole server.
  const lock = createHash('sha256').update(name).digest('hex');
  const sql = 'SELECT GET_LOCK(?, @@innodb_lock_wait_timeout) AS got';
  const [{ got }] = (await queryRunner.query(sql, [lock])) as [{ got: unknown }];
  if (Number(got) !== 1) throw new LockHeldError();
  // By the runner that has ended the transaction: through one that was shared for it nothing is sent any more.
  afterEnd(queryRunner, async (ended) => {
    await ended.query('SELECT RELEASE_LOCK(?)', [lock]);
  });
}

/** Whether a transaction reads what others have committed since it began: on PostgreSQL, in READ COMMITTED only. */
export async function readsCommitted(queryRunner: QueryRunner): Promise<boolean> {
  if (!isPostgres(dataSourceOf(queryRunner))) return true;
  const sql = "SELECT current_setting('transaction_isolation') AS level";
  const [{ level }] = (await queryRunner.query(sql)) as [{ level: string }];
  // PostgreSQL takes READ UNCOMMITTED for it.
  return level.startsWith('read ');
}
