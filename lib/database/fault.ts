import { QueryRunnerAlreadyReleasedError } from 'typeorm';

/** Somebody's transaction has changed the row, and has not ended: to wait for it could take for ever. */
export class RowTakenError extends Error {
  constructor() {
    super('A transaction that has not ended yet holds the row.');
    this.name = new.target.name;
  }
}

/** Somebody holds the row: one of many who write it, each for a statement, or a transaction that has not ended. */
export class RowContestedError extends Error {
  constructor() {
    super('Others who write the row, or a transaction that has not ended yet, hold it.');
    this.name = new.target.name;
  }
}

/** The one connection to a database in memory is in a transaction of the app's. */
export class DatabaseBusyError extends Error {
  constructor() {
    super('A transaction of the app, which has not ended yet, holds the one connection to the database.');
    this.name = new.target.name;
  }
}

/** SQLite's one transaction at a time has been somebody else's for too long. */
export class DatabaseHeldError extends Error {
  constructor() {
    super('A transaction with the stamp, which has not ended yet, holds the database.');
    this.name = new.target.name;
  }
}

/** Whoever was lent a connection has gone on with it. */
export class TransactionOverError extends Error {
  constructor() {
    super('This transaction is over: await all that is to be written in it, before its work returns.');
    this.name = new.target.name;
  }
}

/** What drivers tell of an error; each some of it. */
export interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
  readonly syscall?: unknown;
}

/** The driver's own error, which TypeORM has wrapped in most cases. */
export function driverErrorOf(error: unknown): DriverError {
  const { driverError = error } = Object(error) as { driverError?: unknown };
  return Object(driverError) as DriverError;
}

/**
 * What can befall a statement through no fault of its own: `taken`, a transaction holds its row; `contested`, that, or
 * many write it; `busy`, one holds all of SQLite; `held`, one of our own has done so for too long; `undone`, the server
 * has refused it whole; `lost`, the connection broke, and nobody knows whether it was run.
 */
export type TransientError = 'taken' | 'contested' | 'busy' | 'held' | 'undone' | 'lost';

/**
 * SQLSTATE (PostgreSQL's documentation, appendix A): serialization, dead-lock, lock time-out, cancelled, no resources,
 * not started yet, read-only since another is the primary now.
 */
const UNDONE_SQLSTATE = /^(40001|40P01|55P03|57014|57P03|25006|53...)$/;
/** Connection exceptions, a server that is shut down, restarted, or that ends the session, an unknown end. */
const LOST_SQLSTATE = /^(08...|57P0[1245]|25P03|40003)$/;
/**
 * MariaDB's and MySQL's error codes: record changed, lock time-out, dead-lock, interrupted, out of time, too many
 * connections, locked row, read-only since another is the primary now.
 */
const UNDONE_ERRNO = new Set([1020, 1205, 1213, 1317, 1969, 3024, 1040, 1203, 3572, 1290, 1836]);
/** Connection killed, server shut down, aborted. */
const LOST_ERRNO = new Set([1053, 1152, 1184, 1927, 4031]);
/** Of Node.js and of mysql2. */
const UNDONE_CODES = /^(ECONNREFUSED|EAI_AGAIN|ENOTFOUND)$/;
const LOST_CODES =
  /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|PROTOCOL_CONNECTION_LOST|PROTOCOL_SEQUENCE_TIMEOUT)$/;
/** What the drivers say in words only: first, that there was no connection to be had. */
const UNDONE_MESSAGES =
  /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout|Queue limit reached|No connections available)/;
const LOST_MESSAGES =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|Can't add new command when connection is in closed state|Query read timeout)/;

/** Whether an error is such a fault, and which; `undefined`: it would fail again, or is none of the database's. */
export function transientErrorOf(error: unknown): TransientError | undefined {
  if (error instanceof RowTakenError) return 'taken';
  if (error instanceof RowContestedError) return 'contested';
  if (error instanceof DatabaseBusyError) return 'busy';
  if (error instanceof DatabaseHeldError) return 'held';
  // The connection broke between its loan and the statement.
  if (error instanceof QueryRunnerAlreadyReleasedError) return 'lost';
  return driverTransientErrorOf(driverErrorOf(error));
}

function driverTransientErrorOf(error: DriverError): TransientError | undefined {
  if (/^SQLITE_(BUSY|LOCKED)/.test(String(error.code))) return 'busy';
  if (isUndone(error)) return 'undone';
  return isLost(error) ? 'lost' : undefined;
}

function isUndone({ code, errno, message, syscall }: DriverError): boolean {
  // Who did not even get a connection has sent nothing.
  if (syscall === 'connect' || UNDONE_CODES.test(String(code))) return true;
  return (
    UNDONE_SQLSTATE.test(String(code)) ||
    UNDONE_ERRNO.has(errno as number) ||
    UNDONE_MESSAGES.test(String(message))
  );
}

function isLost({ code, errno, message }: DriverError): boolean {
  return (
    LOST_SQLSTATE.test(String(code)) ||
    LOST_ERRNO.has(errno as number) ||
    LOST_CODES.test(String(code)) ||
    LOST_MESSAGES.test(String(message))
  );
}

/** PostgreSQL's `undefined_table` (its documentation, appendix A). */
const SQLSTATE = '42P01';
/** MariaDB's and MySQL's `ER_NO_SUCH_TABLE`. */
const ERRNO = 1146;

/** Whether an error says that a table is not there; `name` may stand behind a prefix or a schema of the app's. */
export function isMissingTable(error: unknown, name: string): boolean {
  const { code, errno, message } = driverErrorOf(error);
  const text = String(message);
  return (code === SQLSTATE || errno === ERRNO || text.startsWith('no such table')) && text.includes(name);
}
