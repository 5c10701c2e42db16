import { describe, expect, it } from 'vitest';
import { ask, authorization } from '../invitations/ask.js';
import { startTransactionApp, type TransactionApp } from '../invitations/transaction.app.js';
import { adapterNamed } from '../support/adapters.js';
import { dataSourceWith } from './data-source.js';
import { type FailOver, PostgresPair } from './postgres.pair.js';
import { findPostgres, isPostgresRequired } from './postgres.programs.js';
import { Traffic } from './traffic.js';

/** How many fail-overs of each kind: one by `npm test`, twenty by `npm run test:failover`. */
const ROUNDS = Number(process.env['TICKET_OFFICE_TEST_FAILOVER'] ?? 1);
const TICKETS = 80;

const programs = findPostgres();

const startMuseum = (url: string): Promise<TransactionApp> =>
  startTransactionApp(adapterNamed('Express'), dataSourceWith({ url, poolSize: 8 }));

const startPair = (options?: { isSynchronous: boolean }): Promise<PostgresPair> =>
  PostgresPair.start(programs!, async (url) => (await startMuseum(url)).app.close(), options);

/** Lets guests redeem tickets while the other server becomes the primary. */
async function failOverInTraffic(pair: PostgresPair, way: FailOver) {
  const museum = await startMuseum(pair.url);
  const traffic = new Traffic(museum);
  await traffic.issue(TICKETS);
  const inFullSwing = traffic.answered('success', TICKETS / 4);
  const through = traffic.run();
  await inFullSwing;
  const before = traffic.count('success');
  await pair.failOver(way, () => traffic.answered('refused', 1));
  traffic.heal();
  await through;
  return { museum, traffic, before };
}

describe.skipIf(!programs)('A fail-over to a synchronous standby, in mid-traffic', () => {
  it.each<[string, FailOver]>([
    ['the primary is gone at once', { end: 'immediate', isEarly: false }],
    ['the primary shuts down, and guests meet the standby first', { end: 'fast', isEarly: true }],
  ])(
    '[N-5] %s: no ticket succeeds twice, none is answered 500, and all is served',
    async (_, way) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const { museum, traffic, before } = await failOverInTraffic(await startPair(), way);
        expect(await traffic.faults(), `round ${round}`).toEqual([]);
        expect(traffic.count('success')).toBeGreaterThan(before);
        if (ROUNDS > 1) console.log(`round ${round}: ${traffic.summary()}`);
        for (let guest = 0; guest < 10; guest += 1) {
          const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
          const { status } = await ask(museum.app, '/claimed', { headers: authorization(credentials) });
          expect(status).toBe(200);
        }
      }
    },
    60_000 * ROUNDS,
  );

  it('[N-5] sees it when a fail-over loses stamps, as one without synchronous replication can', async () => {
    const pair = await startPair({ isSynchronous: false });
    const museum = await startMuseum(pair.url);
    const traffic = new Traffic(museum);
    await traffic.issue(8);
    await pair.separate();
    await traffic.run();
    await pair.failOver({ end: 'immediate', isEarly: false }, async () => undefined);
    const faults = await traffic.faults();
    expect(faults.filter((fault) => fault.endsWith('succeeded, and is not used'))).toHaveLength(8);
    expect(faults.filter((fault) => fault.endsWith('succeeded 2 times'))).toHaveLength(8);
  });
});

it.skipIf(programs)('[N-5] PostgreSQL’s programs are missing', ({ skip }) => {
  expect(isPostgresRequired()).toBe(false);
  skip('initdb, postgres and pg_basebackup are not installed: apt-get install postgresql');
});
