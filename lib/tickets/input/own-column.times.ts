import { dateProblem, describe } from './rules.js';

/** What each database holds, and JavaScript reads again. */
const [FIRST_YEAR, LAST_YEAR] = [1000, 9999];
const YEARS = `from the year ${FIRST_YEAR} to ${LAST_YEAR}`;
/** A TIMESTAMP of MariaDB and MySQL, in milliseconds: from 1970, and to 2106 in MariaDB 11.5, to 2038 elsewhere. */
const [FIRST_STAMP, LAST_STAMP] = [1000, (2 ** 32 - 1) * 1000];

const isYear = (year: number): boolean => year >= FIRST_YEAR && year <= LAST_YEAR;

/** In the zone of the process, too: TypeORM writes some dates in that, and others in UTC. */
const isDate = (value: unknown): value is Date =>
  dateProblem(value) === undefined &&
  isYear((value as Date).getUTCFullYear()) &&
  isYear((value as Date).getFullYear());

/** What is wrong with an instant. */
export const instantProblem = (value: unknown): string | undefined =>
  isDate(value) ? undefined : (dateProblem(value) ?? `must be a valid Date ${YEARS}`);

/** The same for a column of the type `timestamp`, which holds less on MariaDB and MySQL. */
export function timestampProblem(value: unknown, isMySql: boolean): string | undefined {
  if (!isMySql || !isDate(value)) return instantProblem(value);
  const isHeld = value.getTime() >= FIRST_STAMP && value.getTime() <= LAST_STAMP;
  return isHeld ? undefined : 'must be a valid Date from 1970 to 2106: a datetime column holds others';
}

/** What is wrong with a day of the calendar. */
export const dayProblem = (value: unknown): string | undefined =>
  isDate(value) || isCalendarDay(value)
    ? undefined
    : `must be a day as '2026-12-24', or a valid Date, ${YEARS}, not ${describe(value)}`;

function isCalendarDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const midnight = new Date(`${value}T00:00:00Z`);
  // The 31st of February is read as the 3rd of March.
  return isDate(midnight) && midnight.toISOString().startsWith(value);
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/;

/** What is wrong with a time of the day. */
export const timeProblem = (value: unknown): string | undefined =>
  typeof value === 'string' && TIME.test(value)
    ? undefined
    : `must be a time as '18:30:00', not ${describe(value)}`;
