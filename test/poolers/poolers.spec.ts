import { inject, it, expect, beforeAll } from 'vitest';
import { ask, authorization } from '../invitations/ask.js';
import { type Action, startTransactionApp, type TransactionApp } from '../invitations/transaction.app.js';
import { adapterNamed, type TestAdapter } from '../support/adapters.js';
import { eachDatabase, type TestDatabase } from '../support/databases.js';
import { findPgBouncer, isPgBouncerRequired, startPgBouncer } from './pgbouncer.js';
import { TransactionPooler } from './transaction.pooler.js';

/** How many redemptions through PgBouncer; TICKET_OFFICE_TEST_POOLER=10000 for the long run. */
const REDEMPTIONS = Number(process.env['TICKET_OFFICE_TEST_POOLER'] ?? 640);
/** How many at once. */
const BURST = 64;

const INTERNAL = '{"statusCode":500,"message":"Internal server error"}';
const scope = { place: 'louvre', purpose: 'visit' };

interface Pooler {
  readonly name: string;
  readonly redemptions: number;
  readonly adapter: TestAdapter['name'];
  /** Starts it before a database, and returns the URL of the same database by this way. */
  readonly start: (target: string) => Promise<string>;
}

const played: Pooler = {
  name: 'A pooler in transaction mode, as the test plays it,',
  redemptions: 4 * BURST,
  adapter: 'Fastify',
  // So few that a client seldom gets the same one again.
  start: async (target) => (await TransactionPooler.open(target, 6)).url,
};

const program = findPgBouncer();
const installed: Pooler[] = program
  ? [
      {
        name: 'PgBouncer',
        redemptions: REDEMPTIONS,
        adapter: 'Express',
        start: (target) => startPgBouncer(program, target, 16),
      },
    ]
  : [];

/** Through the pooler, with as many connections of the app as there are guests at once. */
function through(database: TestDatabase, url: string): Pick<TestDatabase, 'options'> {
  return { options: (overrides) => database.options({ ...overrides, ...{ url, poolSize: BURST } }) };
}

/** Redeems tickets in bursts; returns how often which answer came, and how many tickets were left claimed. */
async function redeemInBursts(
  { app, tickets }: TransactionApp,
  path: string,
  total: number,
  password?: string,
) {
  const answers: Record<string, number> = {};
  for (let left = total; left > 0; left -= BURST) {
    const guests = await Promise.all(
      Array.from({ length: Math.min(left, BURST) }, () => tickets.issue({ ...scope, password })),
    );
    const statuses = await Promise.all(
      guests.map(async ({ credentials }) => {
        const { status, body } = await ask(app, path, { headers: authorization(credentials) });
        return status === 200 ? '200' : `${status} ${body}`;
      }),
    );
    for (const status of statuses) answers[status] = (answers[status] ?? 0) + 1;
  }
  return { ...answers, claimed: (await tickets.list({ status: 'claimed' })).length };
}

const postgres = inject('databases')
  .filter(({ name }) => name.startsWith('postgres'))
  .slice(0, 1);

for (const { name, redemptions, adapter, start } of [played, ...installed]) {
  eachDatabase(
    name,
    (database) => {
      let museum: TransactionApp;
      beforeAll(async () => {
        const { url } = database.options() as { url: string };
        museum = await startTransactionApp(adapterNamed(adapter), through(database, await start(url)));
      });

      it(`[F-7] changes nothing: ${redemptions} guests, ${BURST} at once from the first request on, are admitted, and none is left claimed`, async () => {
        expect(await redeemInBursts(museum, '/claimed', redemptions)).toEqual({
          200: redemptions,
          claimed: 0,
        });
      }, 600_000);

      it('[F-7] changes nothing for a transaction that the handler shares', async () => {
        expect(await redeemInBursts(museum, '/action', 2 * BURST)).toEqual({ 200: 2 * BURST, claimed: 0 });
        expect(await museum.dataSource.query('SELECT COUNT(*)::int AS visits FROM visit')).toEqual([
          { visits: 2 * BURST },
        ]);
      });

      it('[F-7] changes nothing for a transaction that is rolled back, or ends with its connection', async () => {
        const open: Action['act'] = async (_, { queryRunner }) => {
          // Nobody reads it.
          await queryRunner!.stream('SELECT generate_series(1, 100000)');
        };
        const fail: Action['act'] = () => Promise.reject(new Error('no'));
        for (const act of [open, fail]) {
          museum.action.act = act;
          const answers = await redeemInBursts(museum, '/action', 4);
          expect(answers).toEqual({ [`500 ${INTERNAL}`]: 4, claimed: 0 });
        }
        expect(await museum.tickets.list({ status: 'valid' })).toHaveLength(8);
        expect(await museum.dataSource.query('SELECT COUNT(*)::int AS visits FROM visit')).toEqual([
          { visits: 2 * BURST },
        ]);
      });

      it('[F-7] changes nothing for passwords of humans', async () => {
        expect(await redeemInBursts(museum, '/claimed', 8, 'I love Paris')).toEqual({ 200: 8, claimed: 0 });
      });
    },
    postgres,
  );
}

it.runIf(installed.length === 0)(
  '[F-7] PgBouncer is not installed: apt-get install pgbouncer',
  ({ skip }) => {
    expect(isPgBouncerRequired()).toBe(false);
    skip('PgBouncer is not installed: apt-get install pgbouncer');
  },
);
