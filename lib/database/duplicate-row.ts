import { driverErrorOf } from './driver.error.js';

/** `unique_violation` of PostgreSQL (its documentation, appendix A). */
const SQLSTATE = '23505';
/** `ER_DUP_ENTRY` and `ER_DUP_ENTRY_WITH_KEY_NAME` of MariaDB and MySQL. */
const ERRNO = new Set([1062, 1586]);
/** Extended result codes of SQLite. */
const SQLITE_CODE = /^SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE)$/;

/** Whether an INSERT failed because a row with one of its keys is there already. Nothing was inserted. */
export function isDuplicateRow(error: unknown): boolean {
  const { code, errno } = driverErrorOf(error);
  return code === SQLSTATE || ERRNO.has(errno as number) || SQLITE_CODE.test(String(code));
}
