import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';
import { afterEnd } from './after-commit.js';
import { isMySql, isPostgres } from './dialect.js';
import { isLockNotAvailable } from './driver.error.js';
import { LockHeldError } from './fault.js';
import { rollBack } from './transaction.js';
import { dataSourceOf } from './typeorm.internals.js';

// A lock with a name keeps other processes out, whatever rows there are. SQLite has none, and needs none: it has one
// writer at a time.

/** How often another process's lock is looked at again, in ms. */
const POLL = 50;
/** Longest that MySQL and MariaDB wait for the end of a migration, in seconds; longer than any index takes to build. */
const LONGEST = 24 * 60 * 60;

/**
 * Runs work that changes the schema while no other process runs work of this name. In a transaction of PostgreSQL, until
 * that ends.
 */
export async function exclusively(
  queryRunner: QueryRunner,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const dataSource = dataSourceOf(queryRunner);
  if (isMySql(dataSource)) return withServerLock(queryRunner, name, work);
  if (isPostgres(dataSource) && !queryRunner.isTransactionActive)
    return withLockBeside(queryRunner, name, work);
  if (isPostgres(dataSource)) await lockTransaction(queryRunner, name);
  await work();
}

/**
 * Waits for other transactions that hold the lock of this name, on any connection, and holds it until the query runner's
 * transaction has ended. On SQLite begin with a write, which keeps all other writers out.
 *
 * @throws LockHeldError when another transaction has held it for as long as the database waits for a lock
 */
export async function lockUntilEnd(queryRunner: QueryRunner, name: string): Promise<void> {
  const dataSource = dataSourceOf(queryRunner);
  if (isMySql(dataSource)) await lockServerUntilEnd(queryRunner, name);
  if (!isPostgres(dataSource)) return;
  await lockTransaction(queryRunner, name).catch((error: unknown) => {
    throw isLockNotAvailable(error) ? new LockHeldError() : error;
  });
}

async function lockTransaction(queryRunner: QueryRunner, name: string): Promise<void> {
  await queryRunner.query('SELECT pg_advisory_xact_lock($1)', [postgresKey(name)]);
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
    const [lock] = (await holder.query(sql, [postgresKey(name)])) as { isHeld: boolean }[];
    // A large index may take longer to build than the server lets a transaction be idle.
    if (lock?.isHeld) return void (await holder.query('SET LOCAL idle_in_transaction_session_timeout = 0'));
    await holder.rollbackTransaction();
    await wait(POLL);
  }
}

async function withServerLock(
  queryRunner: QueryRunner,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const lock = mysqlName(queryRunner, name);
  await queryRunner.query(`SELECT GET_LOCK(?, ${LONGEST})`, [lock]);
  try {
    await work();
  } finally {
    await queryRunner.query('DO RELEASE_LOCK(?)', [lock]);
  }
}

/** MariaDB's and MySQL's locks with a name belong to the connection, and know nothing of its transactions. */
async function lockServerUntilEnd(queryRunner: QueryRunner, name: string): Promise<void> {
  const lock = mysqlName(queryRunner, name);
  const sql = 'SELECT GET_LOCK(?, @@innodb_lock_wait_timeout) AS got';
  const [{ got }] = (await queryRunner.query(sql, [lock])) as [{ got: unknown }];
  if (Number(got) !== 1) throw new LockHeldError();
  // By the runner that has ended the transaction: through one that was shared for it nothing is sent any more.
  afterEnd(queryRunner, async (ended) => {
    await ended.query('DO RELEASE_LOCK(?)', [lock]);
  });
}

/**
 * PostgreSQL's name of a lock, in 64 bits: with the 32 of PostgreSQL's own `hashtext`, two of some thousand names would be
 * one lock now and then.
 */
const postgresKey = (name: string): string =>
  createHash('sha256').update(name).digest().readBigInt64BE().toString();

/** MariaDB's and MySQL's: of at most 64 characters, and one for all databases of the server. */
const mysqlName = (queryRunner: QueryRunner, name: string): string =>
  createHash('sha256')
    .update(`${dataSourceOf(queryRunner).driver.database}:${name}`)
    .digest('hex');
