import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';
import { advisoryKey, isMySql, isPostgres, lockUntilCommit } from './dialect.js';
import { rollBack } from './transaction.js';
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
    return withLockBeside(queryRunner, name, work);
  await lockUntilCommit(queryRunner, name);
  await work();
}

/**
 * Holds the lock in a transaction on a connection of its own. Not as a lock of the session: behind a pooler, each statement
 * may be sent through another one, and the lock would be left behind in the first. The transaction is idle and so has no
 * snapshot, for whose end `CREATE INDEX CONCURRENTLY` would wait.
 */
async function withLockBeside(
  queryRunner: QueryRunner,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  // Not from the pool of the app, which may have no more than the connection that migrates.
  const options = { ...dataSourceOf(queryRunner).options, ...ONE_CONNECTION } as DataSourceOptions;
  const beside = await new DataSource(options).initialize();
  const holder = beside.createQueryRunner('master');
  try {
    await beginWithLock(holder, name);
    await work();
  } finally {
    await rollBack(holder);
    await holder.release();
    await beside.destroy();
  }
}

const ONE_CONNECTION = {
  poolSize: 1,
  entities: [],
  subscribers: [],
  migrations: [],
  synchronize: false,
  dropSchema: false,
  migrationsRun: false,
};

/** Asks again and again: a statement that waited would hold a snapshot, and a transaction a connection of the pooler. */
async function beginWithLock(holder: QueryRunner, name: string): Promise<void> {
  for (;;) {
    await holder.startTransaction('READ COMMITTED');
    const sql = 'SELECT pg_try_advisory_xact_lock($1) AS "isHeld"';
    const [lock] = (await holder.query(sql, [advisoryKey(name)])) as { isHeld: boolean }[];
    // A large index may take longer to build than the server lets a transaction be idle.
    if (lock?.isHeld) return void (await holder.query('SET LOCAL idle_in_transaction_session_timeout = 0'));
    await holder.rollbackTransaction();
    await wait(POLL);
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
