import { driverErrorOf } from './driver.error.js';

/** How each database says that a constraint has refused a statement, of which nothing was done then. */
interface Refusal {
  /** SQLSTATE of PostgreSQL (its documentation, appendix A). */
  readonly sqlstate: ReadonlySet<unknown>;
  /** Error codes of MariaDB and MySQL. */
  readonly errno: ReadonlySet<unknown>;
  /** Extended result codes of SQLite. */
  readonly sqlite: RegExp;
}

/** A unique key; on MariaDB and MySQL, without and with its name. */
const DUPLICATE_ROW: Refusal = {
  sqlstate: new Set(['23505']),
  errno: new Set([1062, 1586]),
  sqlite: /^SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE)$/,
};

/**
 * A foreign key that refers to the row (PostgreSQL: also by `ON DELETE RESTRICT`; MariaDB and MySQL: without and with its
 * name), or a trigger that raises an exception (SIGNAL, RAISE).
 */
const PROTECTED_ROW: Refusal = {
  sqlstate: new Set(['23503', '23001', 'P0001']),
  errno: new Set([1217, 1451, 1644]),
  sqlite: /^SQLITE_CONSTRAINT_(FOREIGNKEY|TRIGGER)$/,
};

function isOf({ sqlstate, errno, sqlite }: Refusal, error: unknown): boolean {
  const driverError = driverErrorOf(error);
  const { code } = driverError;
  return sqlstate.has(code) || errno.has(driverError.errno) || sqlite.test(String(code));
}

/** Whether an INSERT failed because a row with one of its keys is there already. */
export const isDuplicateRow = (error: unknown): boolean => isOf(DUPLICATE_ROW, error);

/** Whether a DELETE failed because a foreign key or a trigger of the app protects one of its rows. */
export const isProtectedRow = (error: unknown): boolean => isOf(PROTECTED_ROW, error);
