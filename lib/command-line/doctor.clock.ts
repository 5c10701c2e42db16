import type { QueryRunner } from 'typeorm';
import { isMySql, isPostgres } from '../database/dialect.js';
import { dataSourceOf } from '../database/typeorm.internals.js';
import { fail, type Finding, ok, warn } from './doctor.diagnosis.js';

/** In ms: what NTP allows for many times over; and what guests notice. */
const TOLERATED = 1000;
const WRONG = 30_000;

/** How far the database's clock is from this process's, in ms, and how exactly that is known. */
interface Reading {
  readonly ahead: number;
  readonly within: number;
}

/** `undefined` where the database is a file: it has no clock of its own. */
export async function readClock(runner: QueryRunner): Promise<Reading | undefined> {
  const sql = clockSql(runner);
  if (sql === undefined) return undefined;
  const asked = Date.now();
  const [row] = (await runner.query(sql)) as [{ now: unknown }];
  const answered = Date.now();
  const within = (answered - asked) / 2;
  return { ahead: Number(row.now) - asked - within, within };
}

function clockSql(runner: QueryRunner): string | undefined {
  const dataSource = dataSourceOf(runner);
  if (isPostgres(dataSource)) return 'SELECT EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS "now"';
  // In UTC: the time zone of the connection does not matter.
  return isMySql(dataSource)
    ? "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) / 1000 AS `now`"
    : undefined;
}

export function clockFinding(reading: Reading | undefined): Finding {
  if (!reading) return ok('one for both: the database is a file');
  const apart = Math.max(0, Math.abs(reading.ahead) - reading.within);
  const message = `the database's is ${(Math.abs(reading.ahead) / 1000).toFixed(3)} s ${reading.ahead < 0 ? 'behind' : 'ahead'}`;
  const advice = 'tickets expire by the clocks of the app: set them by NTP';
  if (apart > WRONG) return fail(message, advice);
  return apart > TOLERATED ? warn(message, advice) : ok(message);
}
