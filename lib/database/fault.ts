import { QueryRunnerAlreadyReleasedError } from 'typeorm';

/** A transaction has changed the row and has not ended; waiting for it could take for ever. */
export class RowTakenError extends Error {
  constructor() {
    super('A transaction that has not ended yet holds the row.');
    this.name = new.target.name;
  }
}

/** The row is held: by one of many writers, each for a statement, or by a transaction that has not ended. */
export class RowContestedError extends Error {
  constructor() {
    super('Other writers, or a transaction that has not ended yet, hold the row.');
    this.name = new.target.name;
  }
}

/** The one connection to a database in memory is in a transaction of the app. */
export class DatabaseBusyError extends Error {
  constructor() {
    super('A transaction of the app, which has not ended yet, holds the one connection to the database.');
    this.name = new.target.name;
  }
}

/** SQLite allows one transaction at a time, and another one has held it for too long. */
export class DatabaseHeldError extends Error {
  constructor() {
    super('A transaction with the stamp, which has not ended yet, holds the database.');
    this.name = new.target.name;
  }
}

/** A statement was sent through the manager of a transaction that has ended. */
export class TransactionOverError extends Error {
  constructor() {
    super('This transaction is over: await everything that is to be written in it before its work returns.');
    this.name = new.target.name;
  }
}

/** A stream was opened through the manager of a transaction, and was not read to its end. */
export class StreamLeftOpenError extends Error {
  constructor() {
    super(
      'A stream was opened through the manager of this transaction, and not read to its end before the end of the work: ' +
        'it was destroyed, and the transaction rolled back. Read it to its end in the work (await stream.toArray(), or ' +
        'await pipeline(stream, file)), or stream with StampInvitation and without the manager.',
    );
    this.name = new.target.name;
  }
}

/** The fields that drivers set on their errors; each driver sets some. */
export interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
  /** Of PostgreSQL's errors: `FATAL` ones end the connection. */
  readonly severity?: unknown;
  readonly syscall?: unknown;
}

/** The driver's own error, which TypeORM wraps in most cases. */
export function driverErrorOf(error: unknown): DriverError {
  const { driverError = error } = Object(error) as { driverError?: unknown };
  return Object(driverError) as DriverError;
}

/**
 * A failure that is not the statement's fault, and may be over at the next try:
 *
 * - `taken`: a transaction holds its row
 * - `contested`: a transaction or many writers hold its row
 * - `busy`: another connection holds the SQLite file
 * - `held`: one of our own transactions has held the SQLite file for too long
 * - `undone`: the server refused the statement and did nothing
 * - `lost`: the connection broke, and nobody knows whether the statement ran
 */
export type TransientError = 'taken' | 'contested' | 'busy' | 'held' | 'undone' | 'lost';

/**
 * SQLSTATE (PostgreSQL's documentation, appendix A): serialization failure, deadlock, lock time-out, cancelled, no
 * resources, not started yet, read-only because another server is the primary now.
 */
const UNDONE_SQLSTATE = /^(40001|40P01|55P03|57014|57P03|25006|53...)$/;
/** Connection exceptions, a server that shuts down, restarts or ends the session, an unknown end. */
const LOST_SQLSTATE = /^(08...|57P0[1245]|25P03|40003)$/;
/**
 * Error codes of MariaDB and MySQL: record changed, lock time-out, deadlock, interrupted, out of time, too many
 * connections, locked row, read-only because another server is the primary now.
 */
const UNDONE_ERRNO = new Set([1020, 1205, 1213, 1317, 1969, 3024, 1040, 1203, 3572, 1290, 1836]);
/** Connection killed, server shut down, aborted. */
const LOST_ERRNO = new Set([1053, 1152, 1184, 1927, 4031]);
/** Codes of Node.js and of mysql2. */
const UNDONE_CODES = /^(ECONNREFUSED|EAI_AGAIN|ENOTFOUND)$/;
const LOST_CODES =
  /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|PROTOCOL_CONNECTION_LOST|PROTOCOL_SEQUENCE_TIMEOUT)$/;
/** Failures that drivers report in words only; in the first group, no connection could be had. */
const UNDONE_MESSAGES =
  /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout|Queue limit reached|No connections available)/;
const LOST_MESSAGES =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|Can't add new command when connection is in closed state|Query read timeout)/;

/** Which transient error this is; `undefined`: it would fail again, or does not come from the database. */
export function transientErrorOf(error: unknown): TransientError | undefined {
  if (error instanceof RowTakenError) return 'taken';
  if (error instanceof RowContestedError) return 'contested';
  if (error instanceof DatabaseBusyError) return 'busy';
  if (error instanceof DatabaseHeldError) return 'held';
  // The connection broke between its acquisition and the statement.
  if (error instanceof QueryRunnerAlreadyReleasedError) return 'lost';
  return driverTransientErrorOf(driverErrorOf(error));
}

/**
 * Whether a statement failed only because it was prepared: the connection does not have it, or has it already, since a
 * pooler gives each transaction another connection (26000, 42P05 and PgBouncer's words for it: src/prepare.c); the pooler
 * keeps no more (Supavisor, lib/supavisor/errors); or the table has changed (0A000, a migration).
 */
export function isPreparationError({ code, message }: DriverError): boolean {
  return code === '26000' || code === '42P05' || PREPARATION_MESSAGES.test(String(message));
}

const PREPARATION_MESSAGES =
  /^(cached plan must not change|prepared statement (did not exist|name is already in use)|(\(EMAXPREPARED(MEM)?\) )?max prepared statements )/;

function driverTransientErrorOf(error: DriverError): TransientError | undefined {
  if (/^SQLITE_(BUSY|LOCKED)/.test(String(error.code))) return 'busy';
  if (isUndone(error) || isPreparationError(error)) return 'undone';
  return isLost(error) ? 'lost' : undefined;
}

function isUndone({ code, errno, message, syscall }: DriverError): boolean {
  // Without a connection nothing was sent.
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
const NO_TABLE_SQLSTATE = '42P01';
/** `ER_NO_SUCH_TABLE` of MariaDB and MySQL. */
const NO_TABLE_ERRNO = 1146;

/** Whether an error says that a table is missing; a prefix or a schema of the app may precede `name`. */
export function isMissingTable(error: unknown, name: string): boolean {
  const { code, errno, message } = driverErrorOf(error);
  const text = String(message);
  const isMissing =
    code === NO_TABLE_SQLSTATE || errno === NO_TABLE_ERRNO || text.startsWith('no such table');
  return isMissing && text.includes(name);
}
