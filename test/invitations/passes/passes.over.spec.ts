import type { CredentialsLike } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { TestClock } from '../../support/clock.js';
import { eachPlatform } from '../../support/platforms.js';
import { lostFaults, spoil } from '../../support/driver-faults.js';
import { anyDatabase, type Museum, type RawTicket } from '../../support/app.js';
import { queryOf, type WholeAnswer } from '../ask.js';
import { Browser } from '../browser.js';
import { issue, openLink, startPlacesApp } from '../places.app.js';
import { eachPassStore, type PassStoreUnderTest } from './pass.stores.js';

const problemOf = ({ status, body }: WholeAnswer) => ({ status, ...(JSON.parse(body) as object) });

eachPlatform('a pass whose ticket is over', (database, adapter) => {
  eachPassStore((store) => {
    let museum: Museum;
    beforeAll(async () => {
      museum = await startPlacesApp(adapter, database, store);
    });

    const instant = '1970-01-01T00:00:00.001Z';
    const changes: [string, Partial<RawTicket>, object][] = [
      ['used', { usedAt: 1 }, { status: 403, errorCode: 'TICKET_USED', usedAt: instant }],
      ['revoked', { revokedAt: 1 }, { status: 403, errorCode: 'TICKET_REVOKED', revokedAt: instant }],
      ['expired early', { expiresAt: 1 }, { status: 403, errorCode: 'TICKET_EXPIRED', expiresAt: instant }],
    ];
    it.each(changes)(
      '[S-12] gives the reason, reload after reload, when it is %s',
      async (_, change, told) => {
        const credentials = await issue(museum);
        const browser = await openLink(museum, credentials);
        await museum.tamper(credentials.uuid, change);
        const row = await museum.row(credentials.uuid);
        const tokens = await store.tokens(browser);
        // The link opened again, too, takes nothing back.
        for (const path of ['/louvre', '/once', `/louvre?${queryOf(credentials)}`, '/louvre', '/louvre']) {
          const answer = await browser.visit(path);
          expect(problemOf(answer)).toMatchObject(told);
          expect(answer.headers).not.toHaveProperty('set-cookie');
          expect(await store.tokens(browser)).toEqual(tokens);
        }
        expect(museum.ledger.count(credentials.uuid)).toBe(0);
        expect(await museum.row(credentials.uuid)).toEqual(row);
      },
    );

    it('[S-12] is taken back when it has another secret', async () => {
      const [credentials, other] = [await issue(museum), await issue(museum, { purpose: 'purchase' })];
      const beside = await openLink(museum, other, '/shop');
      const others = await store.tokens(beside);
      const browser = await openLink(museum, credentials, '/louvre', beside);
      await museum.tamper(credentials.uuid, { generation: 2 });
      const row = await museum.row(credentials.uuid);
      const tokens = await store.tokens(browser);
      for (const path of ['/louvre', '/once']) {
        await store.tamper(browser, tokens);
        expect(problemOf(await browser.visit(path))).toMatchObject({
          status: 401,
          errorCode: 'TICKET_MISSING',
        });
        expect(await store.tokens(browser)).toEqual(others);
      }
      expect(museum.ledger.count(credentials.uuid)).toBe(0);
      expect(await museum.row(credentials.uuid)).toEqual(row);
    });

    it('[S-12] is taken back when it is deleted', async () => {
      const { uuid, password } = await issue(museum);
      const browser = await openLink(museum, { uuid, password });
      await museum.dataSource.query(`DELETE FROM ticket_office_ticket WHERE uuid = '${uuid}'`);
      expect((await browser.visit('/louvre')).status).toBe(401);
      expect(await store.tokens(browser)).toEqual({});
      expect(museum.ledger.count(uuid)).toBe(0);
    });

    it('[S-12] by use says so at each visit: the handler ran once', async () => {
      const credentials = await issue(museum);
      const browser = await openLink(museum, credentials, '/once');
      expect((await browser.visit('/once')).status).toBe(200);
      const { usedAt } = (await museum.row(credentials.uuid))!;
      expect(usedAt).not.toBeNull();
      for (const _ of [1, 2]) {
        const again = await browser.visit('/once');
        expect(problemOf(again)).toMatchObject({
          status: 403,
          errorCode: 'TICKET_USED',
          usedAt: new Date(usedAt!).toISOString(),
        });
      }
      expect(museum.ledger.count(credentials.uuid)).toBe(1);
      expect((await museum.row(credentials.uuid))!.usedAt).toBe(usedAt);
    });

    it('[S-9] [S-11] is counted, found, evicted and cleared after a rotation of secrets as before', async () => {
      const [old, next] = [
        'the first secret of the museum: 32 and more',
        'the second one: 32 characters or more',
      ];
      const clock = new TestClock();
      const parts = store.parts(adapter);
      const shared: PassStoreUnderTest = { ...store, parts: () => parts };
      const open = (secret: string[]) =>
        startPlacesApp(adapter, database, shared, { options: { secret, now: clock.now } });
      const [before, rotated] = [await open([old]), await open([next, old])];
      const browser = new Browser(before.app);
      const issued: CredentialsLike[] = [];
      const openIn = async (at: Museum, count: number) => {
        for (let left = count; left > 0; left -= 1) {
          clock.advance(1);
          issued.push(await issue(at));
          await openLink(at, issued.at(-1)!, '/louvre', browser.at(at.app));
        }
      };
      const statusOf = async (number: number) =>
        (await browser.at(rotated.app).visit(`/louvre?ticket-uuid=${issued[number]!.uuid}`)).status;
      await openIn(before, 6);
      await openIn(rotated, 6);
      expect(Object.keys(await store.tokens(browser)).length).toBe(10);
      expect([await statusOf(1), await statusOf(2)]).toEqual([401, 200]);
      // Opened again: one pass, under its new name, and the newest.
      await openLink(rotated, issued[2]!, '/louvre', browser.at(rotated.app));
      expect(Object.keys(await store.tokens(browser)).length).toBe(10);
      await before.tickets.reissue(issued[3]!.uuid);
      expect([await statusOf(3), await statusOf(4)]).toEqual([401, 200]);
      expect(Object.keys(await store.tokens(browser)).length).toBe(9);
    });

    it('[S-11] lives on while the secret that signed it is known', async () => {
      const [old, next] = [
        'the first secret of the museum: 32 and more',
        'the second secret: 32 characters or more',
      ];
      const open = (secret: string[]) => startPlacesApp(adapter, database, store, { options: { secret } });
      const before = await open([old]);
      const credentials = await issue(before);
      const tokens = await store.tokens(await openLink(before, credentials));
      /** Sessions are each app's own here: what is kept moves over by hand. */
      const statusIn = async ({ app }: Museum, kept: Record<string, string>) => {
        const browser = new Browser(app);
        await store.tamper(browser, kept);
        return (await browser.visit('/louvre')).status;
      };
      const rotated = await open([next, old]);
      expect(await statusIn(rotated, tokens)).toBe(200);
      const renewed = await store.tokens(await openLink(rotated, credentials));
      const removed = await open([next]);
      expect(await statusIn(removed, tokens)).toBe(401);
      const stranger = await new Browser(removed.app).visit(`/louvre?${queryOf(credentials)}`);
      expect(stranger.status).toBe(403);
      // The pass was signed anew: it outlives the secret that the ticket itself was made under.
      expect(await statusIn(removed, renewed)).toBe(200);
    });
  });
});

eachAdapter('a pass is kept', (adapter) => {
  eachPassStore((store) => {
    let museum: Museum;
    beforeAll(async () => {
      museum = await startPlacesApp(adapter, anyDatabase, store);
    });

    it.each([
      ['used', { usedAt: 1 }],
      ['revoked', { revokedAt: 1 }],
      ['expired early', { expiresAt: 1 }],
    ] as const)('[S-12] [R-6] when links are opened whose tickets are over: %s', async (_, change) => {
      const [credentials, other] = [await issue(museum), await issue(museum)];
      const browser = await openLink(museum, credentials);
      const tokens = await store.tokens(browser);
      await museum.tamper(other.uuid, change);
      const link = (shown: CredentialsLike) => browser.visit(`/louvre?${queryOf(shown)}`);
      expect((await link(other)).status).toBe(403);
      expect((await link({ ...credentials, uuid: credentials.uuid, password: 'wrong' })).status).toBe(403);
      expect(await store.tokens(browser)).toEqual(tokens);
      await museum.tamper(credentials.uuid, change);
      const { uuid, password } = credentials;
      expect((await link({ uuid: uuid.toUpperCase(), password })).status).toBe(403);
      expect(await store.tokens(browser)).toEqual(tokens);
    });

    it('[S-12] when the database cannot be read for a moment', async () => {
      const credentials = await issue(museum);
      const browser = await openLink(museum, credentials);
      const tokens = await store.tokens(browser);
      // PostgreSQL's on every database: others may be waited for for seconds.
      const make = lostFaults.postgres['reset connection']!;
      spoil(museum.dataSource, (sql) => /^SELECT/i.test(sql), make, { times: 4 });
      const answer = await browser.visit('/louvre');
      expect(problemOf(answer)).toMatchObject({ status: 503, errorCode: 'TICKET_OFFICE_BUSY' });
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect(await store.tokens(browser)).toEqual(tokens);
      expect(await browser.visit('/louvre')).toMatchObject({ status: 200, body: credentials.uuid });
      expect(museum.ledger.count(credentials.uuid)).toBe(1);
    });

    it('[S-12] when the app has a fault', async () => {
      const browser = await openLink(museum, await issue(museum));
      const make = () => new Error('no such column');
      spoil(museum.dataSource, (sql) => /^SELECT/i.test(sql), make, { times: 1 });
      const answer = await browser.visit('/louvre');
      expect(answer.status).toBe(500);
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect((await browser.visit('/louvre')).status).toBe(200);
    });
  });
});
