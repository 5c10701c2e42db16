import { QueryRunnerAlreadyReleasedError } from 'typeorm';
import { driverErrorOf, driverFaultOf } from './driver.error.js';

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

/** Another transaction holds a lock that has a name, and has not ended for as long as the database waits. */
export class LockHeldError extends Error {
  constructor() {
    super('Another transaction, which has not ended yet, holds the lock.');
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

/**
 * A failure that is not the statement's fault, and may be over at the next try:
 *
 * - `taken`: a transaction holds its row
 * - `contested`: a transaction or many writers hold its row
 * - `busy`: another connection holds the SQLite file
 * - `held`: one of our own transactions has held the SQLite file for too long; or another transaction a named lock
 * - `undone`: the server or a pooler refused the statement and did nothing
 * - `lost`: the connection broke, and nobody knows whether the statement ran
 */
export type TransientError = 'taken' | 'contested' | 'busy' | 'held' | 'undone' | 'lost';

/** Which transient error this is; `undefined`: it would fail again, or does not come from the database. */
export function transientErrorOf(error: unknown): TransientError | undefined {
  if (error instanceof RowTakenError) return 'taken';
  if (error instanceof RowContestedError) return 'contested';
  if (error instanceof DatabaseBusyError) return 'busy';
  if (error instanceof DatabaseHeldError || error instanceof LockHeldError) return 'held';
  // The connection broke between its acquisition and the statement.
  if (error instanceof QueryRunnerAlreadyReleasedError) return 'lost';
  return driverFaultOf(driverErrorOf(error));
}

/** PostgreSQL's `undefined_table` (its documentation, appendix A). */
const NO_TABLE_SQLSTATE = '42P01';
/** `ER_NO_SUCH_TABLE` of MariaDB and MySQL. */
const NO_TABLE_ERRNO = 1146;
/** The same for a column: `undefined_column`, `ER_BAD_FIELD_ERROR`. */
const NO_COLUMN_SQLSTATE = '42703';
const NO_COLUMN_ERRNO = 1054;

/** Whether an error says that a table is missing; a prefix or a schema of the app may precede `name`. */
export function isMissingTable(error: unknown, name: string): boolean {
  const { code, errno, message } = driverErrorOf(error);
  const text = String(message);
  const isMissing =
    code === NO_TABLE_SQLSTATE || errno === NO_TABLE_ERRNO || text.startsWith('no such table');
  return isMissing && text.includes(name);
}

/** Whether an error says that a column is missing, of whichever table its statement names. */
export function isMissingColumn(error: unknown): boolean {
  const { code, errno, message } = driverErrorOf(error);
  return (
    code === NO_COLUMN_SQLSTATE || errno === NO_COLUMN_ERRNO || String(message).startsWith('no such column')
  );
}
