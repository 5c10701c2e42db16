import { parseArgs } from 'node:util';
import type { TicketService } from 'nestjs-ticketoffice';
import { openOffice } from './cleaning/office.js';
import { fill, vacuum } from './cleaning/table.js';
import { createDatabase } from './database.js';
import { median } from './figures.js';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

/** Rows of the two tables; runs of each call; how much longer a call may take in the large one, and that is more than noise. */
const plan = values.quick
  ? { small: 2_000, large: 100_000, runs: 7, most: 10, noise: 30 }
  : { small: 10_000, large: 1_000_000, runs: 25, most: 4, noise: 15 };

/** Calls that return as much from a large table as from a small one. */
const CALLS: [string, (tickets: TicketService, run: number) => Promise<unknown>][] = [
  ['list()', (tickets) => tickets.list()],
  ["list({ order: 'newest' })", (tickets) => tickets.list({ order: 'newest' })],
  ['list({ place })', (tickets, run) => tickets.list({ place: `place ${run % 10}` })],
  ['list({ purpose })', (tickets, run) => tickets.list({ purpose: `purpose ${run % 3}` })],
  [
    'list({ place, purpose })',
    (tickets, run) => tickets.list({ place: `place ${run % 10}`, purpose: 'purpose 1' }),
  ],
  ['list({ subject })', (tickets, run) => tickets.list({ subject: `user ${run}` })],
  [
    "list({ subject, status: 'valid' })",
    (tickets, run) => tickets.list({ subject: `user ${run}`, status: 'valid' }),
  ],
  ["list({ status: 'locked' })", (tickets) => tickets.list({ status: 'locked' })],
  ['count({ subject })', (tickets, run) => tickets.count({ subject: `user ${run}` })],
  ["count({ status: 'locked' })", (tickets) => tickets.count({ status: 'locked' })],
  ['revokeAll({ subject })', (tickets, run) => tickets.revokeAll({ subject: `user ${run + 1000}` })],
];

/** The median time of each call, in ms. */
async function measure(url: string, rows: number): Promise<number[]> {
  await fill(url, rows);
  const office = await openOffice(url);
  const { tickets } = office;
  try {
    await tickets.clean();
    await vacuum(url);
    const times: number[] = [];
    for (const [, call] of CALLS) {
      const runs: number[] = [];
      for (let run = -2; run < plan.runs; run += 1) {
        const start = performance.now();
        await call(tickets, run + 2);
        if (run >= 0) runs.push(performance.now() - start);
      }
      times.push(median(runs));
    }
    return times;
  } finally {
    await office.close();
  }
}

const database = await createDatabase();
try {
  const small = await measure(database.url, plan.small);
  const large = await measure(database.url, plan.large);
  console.log(
    `ms among ${plan.small} and among ${plan.large} rows; bar: ${plan.most} times as long, or ${plan.noise} ms more`,
  );
  for (const [index, [title]] of CALLS.entries()) {
    const [before, after] = [small[index]!, large[index]!];
    const isEnough = after <= before * plan.most || after <= before + plan.noise;
    console.log(
      `${title.padEnd(36)} ${before.toFixed(2).padStart(8)} ${after.toFixed(2).padStart(8)}${isEnough ? '' : '  MISSED'}`,
    );
    if (!isEnough) process.exitCode = 1;
  }
} finally {
  await database.drop();
}
