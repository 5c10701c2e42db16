import { parseArgs } from 'node:util';
import { execute } from '../test/support/database-servers.js';
import { Client } from './client.js';
import { createDatabase } from './database.js';
import { roundLine, summary, verdict } from './figures.js';
import { type Round, runRound, ticketsOf } from './round.js';
import { ServerProcess } from './server.process.js';
import { FULL, GUESTS, type Plan, POOL_SIZE, QUICK } from './settings.js';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, profile: { type: 'string' } },
});
const plan = values.quick ? QUICK : FULL;

// An interrupt ends the server, too: the run then fails, and its `finally` drops the database.
process.once('SIGINT', () => undefined);

const database = await createDatabase();
try {
  console.log(`PostgreSQL at ${database.server}, pools of ${POOL_SIZE}, ${GUESTS} guests`);
  const { passed, text } = verdict(await run(database.url, plan), plan.bar);
  console.log(text);
  process.exitCode = passed ? 0 : 1;
} finally {
  await database.drop();
}

async function run(url: string, { warmUps, rounds, stretch }: Plan): Promise<Round[]> {
  const flags = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const server = await ServerProcess.start(url, { execArgv: flags });
  const client = new Client(server.port);
  try {
    const measured: Round[] = [];
    for (let number = 1 - warmUps; number <= rounds; number += 1) {
      const round = await runRound(client, stretch);
      console.log(roundLine(round, number > 0 ? `round ${number}` : 'warm-up'));
      if (number > 0) measured.push(round);
    }
    await assertStamped(url, (warmUps + rounds) * ticketsOf(stretch));
    console.log(summary(measured));
    return measured;
  } finally {
    client.close();
    await server.stop();
  }
}

/** A route must not be fast because it skipped its work. */
async function assertStamped(url: string, expected: number): Promise<void> {
  const sql = 'SELECT count(*)::int AS stamped FROM ticket_office_ticket WHERE "usedAt" IS NOT NULL';
  const [row] = (await execute('postgres', url, sql)) as { stamped: number }[];
  if (row?.stamped !== expected) throw new Error(`${row?.stamped} of ${expected} tickets were stamped`);
}
