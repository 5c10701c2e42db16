import { driverErrorOf } from './driver.error.js';

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
