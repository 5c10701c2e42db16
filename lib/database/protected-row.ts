import { driverErrorOf } from './driver.error.js';

/**
 * SQLSTATE (PostgreSQL's documentation, appendix A): a foreign key refers to the row; `ON DELETE RESTRICT`; a trigger has
 * raised an exception.
 */
const SQLSTATE = new Set(['23503', '23001', 'P0001']);
/** Error codes of MariaDB and MySQL: a foreign key refers to the row, without and with its name; SIGNAL in a trigger. */
const ERRNO = new Set([1217, 1451, 1644]);
/** Extended result codes of SQLite: a foreign key refers to the row; RAISE in a trigger. */
const SQLITE_CODE = /^SQLITE_CONSTRAINT_(FOREIGNKEY|TRIGGER)$/;

/** Whether a DELETE failed because a foreign key or a trigger of the app protects one of its rows. Nothing was deleted. */
export function isProtectedRow(error: unknown): boolean {
  const { code, errno } = driverErrorOf(error);
  return SQLSTATE.has(String(code)) || ERRNO.has(errno as number) || SQLITE_CODE.test(String(code));
}
