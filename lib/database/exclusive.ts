import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';
import { advisoryKey, isMySql, isPostgres, lockUntilCommit } from './dialect.js';
import { dataSourceOf } from './typeorm.internals.js';

/** How often another process's lock is looked at again, in ms. */
const POLL = 50;
/** Longest that MySQL and MariaDB wait for a lock, in seconds; longer than any index takes to build. */
const LONGEST = 24 * 60 * 60;

/**
 * Runs work that changes the schema while no other process runs work of this name. In a transaction of PostgreSQL, until
 * that ends. SQLite has one writer at a time anyway.
 */
export async function exclusively(
  queryRunner: QueryRunner,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const dataSource = dataSourceOf(queryRunner);
  if (isMySql(dataSource)) return withNamedLock(queryRunner, name, work);
  if (isPostgres(dataSource) && !queryRunner.isTransactionActive)
    return withSessionLock(queryRunner, name, work);
  await lockUntilCommit(queryRunner, name);
  await work();
}

/** Asks again and again: a statement that waited would hold a snapshot, for whose end `CREATE INDEX CONCURRENTLY` waits. */
async function withSessionLock(
  queryRunner: QueryRunner,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  for (;;) {
    const [lock]: { isHeld: boolean }[] = await queryRunner.query(
      'SELECT pg_try_advisory_lock($1) AS "isHeld"',
      [advisoryKey(name)],
    );
    if (lock?.isHeld) break;
    await wait(POLL);
  }
  try {
    await work();
  } finally {
    await queryRunner.query('SELECT pg_advisory_unlock($1)', [advisoryKey(name)]);
  }
}

/** MySQL's locks are the server's, and have names of at most 64 characters. */
async function withNamedLock(
  queryRunner: QueryRunner,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const { database } = dataSourceOf(queryRunner).options;
  const lock = createHash('sha256')
    .update(`${String(database)}.${name}`)
    .digest('hex');
  await queryRunner.query(`SELECT GET_LOCK(?, ${LONGEST})`, [lock]);
  try {
    await work();
  } finally {
    await queryRunner.query('DO RELEASE_LOCK(?)', [lock]);
  }
}
