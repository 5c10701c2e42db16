import fc from 'fast-check';
import type { CredentialsLike } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter, type TestAdapter } from '../support/adapters.js';
import { anyDatabase, type Museum, queriesOf, startApp } from '../support/app.js';
import type { TestDatabase } from '../support/databases.js';
import { ROUNDS } from '../once/extent.js';
import { rawRow } from '../support/office.js';
import { eachPlatform } from '../support/platforms.js';
import { allowNulls, type Garbage, ruin } from '../support/ruin.js';
import { anyRuin, isWhole } from '../support/unreadable.js';
import { authorization, BROWSER, queryOf, type WholeAnswer } from './ask.js';
import { Browser } from './browser.js';
import { captureLog } from './captured-log.js';
import { eachPassStore } from './passes/pass.stores.js';
import { issue, openLink, PlacesController, startPlacesApp } from './places.app.js';

const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';
const CHEAPEST = { argon2: { memoryCost: 7168, timeCost: 5 } };
const KINDS = [undefined, 'I love Paris'];

const RUINS: [column: string, value: Garbage][] = [
  ['data', '{"firstName":'],
  ['createdAt', null],
  ['expiresAt', 9e15],
  ['usedAt', 9e15],
  ['generation', 0],
  ['attempts', -1],
  ['verifier', 'scrypt$AAAAAAAA$x'],
];

async function startMuseum(adapter: TestAdapter, database: TestDatabase): Promise<Museum> {
  const parts = { controllers: [PlacesController], options: CHEAPEST };
  const museum = await startApp(adapter, database, parts);
  await allowNulls(museum.dataSource);
  return museum;
}

eachPlatform('[A-8] A guest whose row cannot be read', (database, adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startMuseum(adapter, database);
  });

  it.each(RUINS)('for its %s (%s) gets the answer to an unknown one, to the byte', async (column, value) => {
    for (const password of KINDS) {
      const credentials = await issue(museum, { password });
      await ruin(museum.dataSource, credentials.uuid, column, value);
      const row = await museum.row(credentials.uuid);
      for (const headers of [{}, BROWSER]) {
        for (const path of ['/louvre', '/once']) {
          const answers: WholeAnswer[] = [];
          const visits = [credentials.uuid, UNKNOWN].map((uuid) => async () => {
            const shown = { uuid, password: credentials.password };
            const { app } = museum;
            answers.push(await new Browser(app).visit(`${path}?${queryOf(shown)}`, { headers }));
          });
          const [known, unknown] = [await queriesOf(museum, visits[0]!), await queriesOf(museum, visits[1]!)];
          expect(answers[0]).toEqual(answers[1]);
          expect(answers[0]!.status).toBe(403);
          expect(known).toEqual(unknown);
        }
      }
      expect(await museum.row(credentials.uuid)).toEqual(row);
      expect(museum.ledger.count(credentials.uuid)).toBe(0);
    }
  });
});

eachAdapter('[A-8] A guest whose row cannot be read', (adapter) => {
  eachPassStore((store) => {
    let museum: Museum;
    beforeAll(async () => {
      museum = await startPlacesApp(adapter, anyDatabase, store);
    });

    it('is refused with a good pass, which is kept: the row may be mended', async () => {
      const credentials = await issue(museum);
      const browser = await openLink(museum, credentials);
      const tokens = await store.tokens(browser);
      await ruin(museum.dataSource, credentials.uuid, 'data', '{');
      for (const path of ['/louvre', '/once']) {
        const answer = await browser.visit(path);
        expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('TICKET_INVALID') });
        expect(answer.headers).not.toHaveProperty('set-cookie');
      }
      expect(museum.ledger.count(credentials.uuid)).toBe(0);
      expect(await store.tokens(browser)).toEqual(tokens);
      await ruin(museum.dataSource, credentials.uuid, 'data', '{}');
      expect(await browser.visit('/louvre')).toMatchObject({ status: 200, body: credentials.uuid });
    });
  });
});

/** So many rows by `npm test`; more with TICKET_OFFICE_TEST_ROUNDS. */
const RUNS = 15 * ROUNDS;

/** What the answers' table has for a guest; never 500, and 503 only when there is no place in a queue. */
const DOCUMENTED = [200, 303, 401, 403, 409];

eachPlatform('[A-8] Whatever stands in a column', (database, adapter) => {
  let museum: Museum;
  let neighbour: CredentialsLike;
  beforeAll(async () => {
    museum = await startMuseum(adapter, database);
    museum.tickets.events$.subscribe();
    neighbour = await issue(museum);
  });

  /** Sends every kind of guest, and the staff after them. */
  async function tryAll(column: string, garbage: Garbage, password: string | undefined) {
    const { app, tickets, dataSource } = museum;
    const credentials = await issue(museum, { password, subject: 'order 7' });
    const { uuid } = credentials;
    const pass = await openLink(museum, credentials);
    const before = await rawRow(dataSource, uuid);
    await ruin(dataSource, uuid, column, garbage);
    const isSound = isWhole(before, await rawRow(dataSource, uuid));
    const headers = authorization(credentials);
    const wrong = authorization({ uuid, password: password ? 'I love London' : `tkt_${'a'.repeat(43)}` });
    const guests = {
      wrong: await new Browser(app).visit('/louvre', { headers: wrong }),
      right: await new Browser(app).visit('/louvre', { headers }),
      pass: await pass.copy().visit('/louvre'),
      stamp: await new Browser(app).visit('/once', { headers }),
    };
    for (const { status } of Object.values(guests)) expect(DOCUMENTED).toContain(status);
    expect(guests.wrong.status).toBe(403);
    if (!isSound) for (const { status } of Object.values(guests)) expect(status).not.toBe(200);
    const healthy = await new Browser(app).visit('/louvre', { headers: authorization(neighbour) });
    expect(healthy.status).toBe(200);
    await tickets.find(uuid);
    const listed = await tickets.list({ limit: 1000 });
    expect(listed.map((ticket) => ticket.uuid)).toEqual(expect.arrayContaining([neighbour.uuid]));
    expect(() => JSON.stringify(listed)).not.toThrow();
    for (const status of ['used', 'revoked', 'expired', 'valid', 'claimed', 'locked'] as const)
      for (const ticket of await tickets.list({ status, limit: 1000 })) ticket.status();
    await tickets.reopen(uuid);
    await tickets.revoke(uuid);
    await tickets.clean({ before: new Date() });
    await dataSource.query(`DELETE FROM ticket_office_ticket WHERE NOT uuid = '${neighbour.uuid}'`);
    return guests.right.status;
  }

  it(
    'admits no guest wrongly, is no 500, and leaves the office at work',
    { timeout: 60_000 * ROUNDS },
    async () => {
      const logged = captureLog();
      const statuses: number[] = [];
      const anyKind = fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, fc.constant('I love Paris'));
      const property = fc.asyncProperty(anyRuin, anyKind, async ([column, garbage], password) => {
        statuses.push(await tryAll(column, garbage, password));
      });
      await fc.assert(property, { seed: 8, numRuns: RUNS, endOnFailure: true });
      // Otherwise it would be a property of nothing.
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(1);
      expect(statuses.filter((status) => status === 403).length).toBeGreaterThan(5);
      expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
    },
  );
});
