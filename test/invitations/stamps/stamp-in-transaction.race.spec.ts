import type { NestInterceptor, Type } from '@nestjs/common';
import { StampInTransaction, StampInvitation } from 'nestjs-ticketoffice';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestAdapter } from '../../support/adapters.js';
import { barrier } from '../../support/barrier.js';
import type { TestDatabase } from '../../support/databases.js';
import { ROUNDS } from '../../once/extent.js';
import { eachPlatform } from '../../support/platforms.js';
import { ask, cookieOf, queryOf } from '../ask.js';
import {
  interleaveManyTickets,
  startVisitApp,
  Behaviour,
  type VisitApp,
  ticketFor,
  visitController,
} from '../visit.app.js';

const controllers = [visitController(StampInTransaction)];
type Guest = Awaited<ReturnType<typeof ticketFor>>;

eachPlatform('the transaction with the stamp under load', (database, adapter) => {
  let visitApp: VisitApp;
  beforeAll(async () => {
    visitApp = await startVisitApp(adapter, database, { controllers });
  });
  afterEach(() => {
    Object.assign(visitApp.behaviour, new Behaviour());
  });

  const spoilers: [string, number, string, (guest: Guest) => Promise<unknown>][] = [
    ['revoked', 403, 'TICKET_REVOKED', ({ uuid }) => visitApp.tickets.revoke(uuid)],
    ['expired', 403, 'TICKET_EXPIRED', ({ uuid }) => visitApp.tamper(uuid, { expiresAt: 1 })],
    ['reissued', 403, 'TICKET_INVALID', ({ uuid }) => visitApp.tickets.reissue(uuid)],
    ['used', 403, 'TICKET_USED', ({ uuid }) => visitApp.tamper(uuid, { usedAt: 1, claimId: 'other' })],
    [
      'claimed',
      409,
      'TICKET_BUSY',
      ({ uuid }) => visitApp.tamper(uuid, { claimId: 'other', claimedAt: Date.now() }),
    ],
  ];
  it.each(spoilers)(
    '[R-19] does not begin for a ticket that was %s after the guard',
    async (_, status, errorCode, spoilTicket) => {
      for (const way of ['by header', 'by pass']) {
        const guest = await ticketFor(visitApp);
        const Cookie = cookieOf(await ask(visitApp.app, `/visit?${queryOf(guest.credentials)}`));
        let spoilt: unknown;
        visitApp.behaviour.enter = async () => {
          await spoilTicket(guest);
          spoilt = await guest.row();
        };
        const headers = way === 'by pass' ? { Cookie } : guest.headers;
        const answer = await ask(visitApp.app, '/visit', { headers });
        const body = { status: answer.status, ...JSON.parse(answer.body) };
        expect(body, way).toMatchObject({ status, errorCode });
        expect(await guest.row()).toEqual(spoilt);
        expect(guest.ran()).toBe(0);
      }
    },
  );
});

/** The same database, with so many connections. */
const pooled = (database: TestDatabase, poolSize: number): Pick<TestDatabase, 'options'> => {
  const pool = { poolSize };
  return { options: (overrides) => database.options({ ...overrides, ...pool }) };
};

/** Each loser of a transaction sends sixteen statements: on servers, 500 of them are for the longer run. */
const crowdBehind = (interceptor: Type<NestInterceptor>, { type }: TestDatabase): number =>
  interceptor === StampInTransaction && type !== 'better-sqlite3' && ROUNDS === 1 ? 150 : 500;

eachPlatform(
  'hundreds of parallel requests with one ticket and a pool of five connections',
  (database, adapter) => {
    // SQLite has its turn on both platforms: with one of the stamps on each.
    const stamps =
      database.type === 'better-sqlite3'
        ? [adapter.name === 'Express' ? StampInvitation : StampInTransaction]
        : [StampInvitation, StampInTransaction];

    describe.each(stamps.map((stamp) => [stamp.name, stamp] as const))('behind %s', (_, stamp) => {
      it('[D-1] are answered while the handler runs, and hinder no other guest', async () => {
        await crowd(adapter, database, stamp);
      });
    });
  },
);

/** The one handler that runs returns only after all other requests were answered. */
async function crowd(adapter: TestAdapter, database: TestDatabase, interceptor: Type<NestInterceptor>) {
  const parts = { controllers: [visitController(interceptor)] };
  const visitApp = await startVisitApp(adapter, pooled(database, 5), parts);
  const [guest, other] = [await ticketFor(visitApp), await ticketFor(visitApp)];
  const [losersAnswered, gate] = [barrier(), barrier()];
  visitApp.behaviour.act = async ({ uuid }) => {
    if (uuid === guest.uuid) await gate.opened;
    return 'Welcome';
  };
  const size = crowdBehind(interceptor, database);
  let missing = size - 1;
  const visit = async () => {
    const answer = await guest.visit();
    missing -= 1;
    if (missing === 0) losersAnswered.open();
    return { status: answer.status, retry: answer.headers['retry-after'] };
  };
  const visits = Array.from({ length: size }, visit);
  const served = other.visit();
  // SQLite has one transaction at a time: there, the other guest's turn comes after this one's.
  const hasTurns = database.type === 'better-sqlite3' && interceptor === StampInTransaction;
  if (!hasTurns) expect((await served).status).toBe(200);
  await losersAnswered.opened;
  gate.open();
  const answers = await Promise.all(visits);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status, retry }) => status === 409 && retry === '1')).toHaveLength(size - 1);
  expect(guest.ran()).toBe(1);
  expect((await served).status).toBe(200);
}

eachPlatform('the transactions of many tickets', (database, adapter) => {
  // On SQLite they come one after the other, and never meet in their handlers.
  describe.runIf(database.type !== 'better-sqlite3')('at once, in a large pool,', () => {
    it('[M-3] show everybody their own ticket', async () => {
      const visitApp = await startVisitApp(adapter, pooled(database, 25), { controllers });
      expect(await interleaveManyTickets(visitApp, 20)).toEqual([]);
    });
  });
});
