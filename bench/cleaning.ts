import { parseArgs } from 'node:util';
import { execute } from '../test/support/database-servers.js';
import { openOffice } from './cleaning/office.js';
import { fill, vacuum } from './cleaning/table.js';
import { besideRedemptions } from './cleaning/beside.js';
import { createDatabase } from './database.js';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

/** Rows of the small and of the large table, rows for a run that finds nothing, and the bars. */
const plan = values.quick
  ? { small: 20_000, large: 60_000, most: 500, scale: 0.4, raw: 0.05, beside: 0.3, slowest: 5000 }
  : { small: 300_000, large: 3_000_000, most: 50, scale: 0.8, raw: 0.2, beside: 0.8, slowest: 1000 };

const perSecond = (count: number, since: number): number => (count / (performance.now() - since)) * 1000;

/** Deletes by `clean()`, and returns rows a second. */
async function cleanRate(url: string, rows: number, batchSize?: number): Promise<number> {
  await fill(url, rows);
  const office = await openOffice(url);
  try {
    const start = performance.now();
    const { used, revoked, expired } = await office.tickets.clean(
      batchSize === undefined ? {} : { batchSize },
    );
    const deleted = used + revoked + expired;
    if (deleted < rows * 0.48) throw new Error(`clean() has deleted only ${deleted} of ${rows}`);
    return perSecond(deleted, start);
  } finally {
    await office.close();
  }
}

/** Deletes the same rows by one statement, and returns rows a second. */
async function rawRate(url: string, rows: number): Promise<number> {
  await fill(url, rows);
  const start = performance.now();
  const before = Date.now() - 30 * 86_400_000;
  const [{ count }] = (await execute(
    'postgres',
    url,
    `WITH gone AS (DELETE FROM ticket_office_ticket
       WHERE "expiresAt" <= ${before} OR "usedAt" <= ${before} OR "revokedAt" <= ${before} RETURNING 1)
     SELECT count(*)::int AS count FROM gone`,
  )) as [{ count: number }];
  return perSecond(count, start);
}

/** The time of a run that finds nothing, in ms: the best of three. */
async function emptyRun(url: string): Promise<number> {
  const office = await openOffice(url);
  const times: number[] = [];
  try {
    await office.tickets.clean();
    await vacuum(url);
    for (let run = 0; run < 3; run += 1) {
      const start = performance.now();
      await office.tickets.clean();
      times.push(performance.now() - start);
    }
    return Math.min(...times);
  } finally {
    await office.close();
  }
}

function judge(what: string, value: number, bar: number, isEnough: boolean): void {
  console.log(`${what} ${value.toFixed(2)} (bar ${bar})${isEnough ? '' : ': MISSED'}`);
  if (!isEnough) process.exitCode = 1;
}

const database = await createDatabase();
try {
  const { url } = database;
  const small = await cleanRate(url, plan.small);
  const inLargeBatches = await cleanRate(url, plan.small, 5000);
  const raw = await rawRate(url, plan.small);
  console.log(
    `${plan.small} rows: clean() ${small.toFixed(0)}/s, in batches of 5000 ${inLargeBatches.toFixed(0)}/s, one DELETE ${raw.toFixed(0)}/s`,
  );
  console.log(`in batches of 5000/one DELETE ${(inLargeBatches / raw).toFixed(2)}`);
  judge('clean()/one DELETE', small / raw, plan.raw, small / raw >= plan.raw);
  const large = await cleanRate(url, plan.large);
  console.log(`${plan.large} rows: clean() ${large.toFixed(0)}/s`);
  judge('large/small', large / small, plan.scale, large / small >= plan.scale);
  const idle = await emptyRun(url);
  judge(`a run that finds nothing among ${plan.large / 2} rows, ms`, idle, plan.most, idle <= plan.most);
  await fill(url, plan.large / 3);
  const beside = await besideRedemptions(url, values.quick ? 200 : 1500, values.quick ? 2 : 5);
  console.log(
    `redemptions: alone ${beside.alone.toFixed(0)}/s, beside clean() ${beside.with.toFixed(0)}/s, which deleted ${beside.deleted.toFixed(0)}/s`,
  );
  judge('beside/alone', beside.with / beside.alone, plan.beside, beside.with / beside.alone >= plan.beside);
  judge('slowest redemption, ms', beside.slowest, plan.slowest, beside.slowest <= plan.slowest);
} finally {
  await database.drop();
}
