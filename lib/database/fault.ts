import { QueryRunnerAlreadyReleasedError } from 'typeorm';
import { DatabaseBusyError, RowTakenError } from './database.errors.js';

/**
 * What can befall a statement through no fault of its own: `taken`, a transaction holds its row; `busy`, one holds
 * all of SQLite; `undone`, the server has refused it whole; `lost`, the connection broke, and nobody knows whether it
 * was run.
 */
export type Fault = 'taken' | 'busy' | 'undone' | 'lost';

/** SQLSTATE (PostgreSQL's documentation, appendix A): serialization, dead-lock, lock time-out, cancelled, no resources. */
const UNDONE_SQLSTATE = /^(40001|40P01|55P03|57014|53...)$/;
/** Connection exceptions, and a server that is shut down, restarted, or that ends the session. */
const LOST_SQLSTATE = /^(08...|57P0[1-5])$/;
/** MariaDB's error codes: record changed, lock time-out, dead-lock, interrupted, too many connections. */
const UNDONE_ERRNO = new Set([1020, 1205, 1213, 1317, 1040, 1203, 3572]);
/** Connection killed, server shut down, aborted. */
const LOST_ERRNO = new Set([1053, 1152, 1184, 1927, 4031]);
const LOST_CODES =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|PROTOCOL_CONNECTION_LOST)$/;
/** What the drivers say in words only. */
const LOST_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed)|Can't add new command when connection is in closed state|Query read timeout)/;

/** Whether an error is such a fault, and which; `undefined`: it would fail again, or is none of the database's. */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof RowTakenError) return 'taken';
  if (error instanceof DatabaseBusyError) return 'busy';
  // The connection broke between its loan and the statement.
  if (error instanceof QueryRunnerAlreadyReleasedError) return 'lost';
  const { driverError = error } = Object(error) as { driverError?: unknown };
  return faultOfDriver(Object(driverError) as DriverError);
}

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
}

function faultOfDriver({ code, errno, message }: DriverError): Fault | undefined {
  const name = String(code);
  if (/^SQLITE_(BUSY|LOCKED)/.test(name)) return 'busy';
  if (UNDONE_SQLSTATE.test(name) || UNDONE_ERRNO.has(errno as number)) return 'undone';
  if (LOST_SQLSTATE.test(name) || LOST_ERRNO.has(errno as number)) return 'lost';
  return LOST_CODES.test(name) || LOST_MESSAGES.test(String(message)) ? 'lost' : undefined;
}
