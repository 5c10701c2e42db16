import { type DataSource, QueryFailedError } from 'typeorm';
import { aroundQueries } from './around-queries.js';
import type { TestDatabase } from './databases.js';

/** An error as a driver makes it. */
export type MakeFault = () => Error;

const withFields = (message: string, fields: object) => (): Error =>
  Object.assign(new Error(message), fields);

/** Errors after which the server has done nothing, by what they are called. */
export const undoneFaults: Record<TestDatabase['type'], Record<string, MakeFault>> = {
  postgres: {
    'serialization failure': withFields('could not serialize access', { code: '40001' }),
    'dead-lock': withFields('deadlock detected', { code: '40P01' }),
    'lock time-out': withFields('canceling statement due to lock timeout', { code: '55P03' }),
    'too many connections': withFields('sorry, too many clients already', { code: '53300' }),
  },
  mariadb: {
    'record changed': withFields('Record has changed since last read', { code: 'ER_CHECKREAD', errno: 1020 }),
    'lock time-out': withFields('Lock wait timeout', { code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205 }),
    'dead-lock': withFields('Deadlock found', { code: 'ER_LOCK_DEADLOCK', errno: 1213 }),
    'too many connections': withFields('Too many connections', { code: 'ER_CON_COUNT_ERROR', errno: 1040 }),
  },
  'better-sqlite3': {
    'locked file': withFields('database is locked', { code: 'SQLITE_BUSY' }),
    'stale snapshot': withFields('database is locked', { code: 'SQLITE_BUSY_SNAPSHOT' }),
  },
};

/** Errors after which nobody knows whether the server has run the statement. */
export const lostFaults: Record<TestDatabase['type'], Record<string, MakeFault>> = {
  postgres: {
    'connection failure': withFields('connection failure', { code: '08006' }),
    'session ended': withFields('terminating connection', { code: '57P01' }),
    'reset connection': withFields('read ECONNRESET', { code: 'ECONNRESET', errno: -104, syscall: 'read' }),
    'connection gone': withFields('Connection terminated unexpectedly', {}),
  },
  mariadb: {
    'connection gone': withFields('Connection lost', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }),
    'reset connection': withFields('read ECONNRESET', { code: 'ECONNRESET', errno: -104, fatal: true }),
    'killed connection': withFields('Connection was killed', { code: 'ER_CONNECTION_KILLED', errno: 1927 }),
  },
  'better-sqlite3': {},
};

/** All of a database's, with their names. */
export const faultsOn = ({ type }: Pick<TestDatabase, 'type'>): [string, MakeFault][] =>
  Object.entries({ ...undoneFaults[type], ...lostFaults[type] });

export const lostFaultsOn = ({ type }: Pick<TestDatabase, 'type'>): [string, MakeFault][] =>
  Object.entries(lostFaults[type]);

interface Spoiling {
  /** How often. */
  times: number;
  /** Whether the statement is run all the same, and only its answer lost. */
  isRun?: boolean;
}

/** Spoils the next statements that `applies` picks; returns those that were picked, spoilt or not. */
export function spoil(
  dataSource: DataSource,
  applies: (sql: string) => boolean,
  make: MakeFault,
  { times, isRun = false }: Spoiling,
): string[] {
  const sent: string[] = [];
  aroundQueries(dataSource, async (sql, run) => {
    if (!applies(sql)) return run();
    sent.push(sql);
    if (sent.length > times) return run();
    if (isRun) await run();
    // As TypeORM hands a driver's error on.
    throw new QueryFailedError(sql, [], make());
  });
  return sent;
}
