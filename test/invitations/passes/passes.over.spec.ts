import type { CredentialsLike } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { eachPlatform } from '../../support/platforms.js';
import { lostFaults, spoil } from '../../support/driver-faults.js';
import { anyDatabase, type Museum, type RawTicket } from '../../support/app.js';
import { queryOf, type WholeAnswer } from '../ask.js';
import { Browser } from '../browser.js';
import { issue, openLink, startPlacesApp } from '../places.app.js';
import { eachPassStore } from './pass.stores.js';

const problemOf = ({ status, body }: WholeAnswer) => ({ status, ...(JSON.parse(body) as object) });

eachPlatform('a pass whose ticket is over is taken back', (database, adapter) => {
  eachPassStore((store) => {
    let museum: Museum;
    beforeAll(async () => {
      museum = await startPlacesApp(adapter, database, store);
    });

    const changes: [string, Partial<RawTicket>, number, string][] = [
      ['used', { usedAt: 1 }, 403, 'TICKET_USED'],
      ['revoked', { revokedAt: 1 }, 403, 'TICKET_REVOKED'],
      ['expired early', { expiresAt: 1 }, 403, 'TICKET_EXPIRED'],
      ['reissued', { generation: 2 }, 401, 'TICKET_MISSING'],
    ];
    it.each(changes)('[S-12] when %s', async (_, change, status, errorCode) => {
      const [credentials, other] = [await issue(museum), await issue(museum, { purpose: 'purchase' })];
      const beside = await openLink(museum, other, '/shop');
      const others = await store.tokens(beside);
      const browser = await openLink(museum, credentials, '/louvre', beside);
      await museum.tamper(credentials.uuid, change);
      const row = await museum.row(credentials.uuid);
      const tokens = await store.tokens(browser);
      for (const path of ['/louvre', '/once']) {
        await store.tamper(browser, tokens);
        expect(problemOf(await browser.visit(path))).toMatchObject({ status, errorCode });
        expect(await store.tokens(browser)).toEqual(others);
      }
      expect(museum.ledger.count(credentials.uuid)).toBe(0);
      expect(await museum.row(credentials.uuid)).toEqual(row);
    });

    it('[S-12] when deleted', async () => {
      const { uuid, password } = await issue(museum);
      const browser = await openLink(museum, { uuid, password });
      await museum.dataSource.query(`DELETE FROM ticket_office_ticket WHERE uuid = '${uuid}'`);
      expect((await browser.visit('/louvre')).status).toBe(401);
      expect(await store.tokens(browser)).toEqual({});
      expect(museum.ledger.count(uuid)).toBe(0);
    });

    it('[S-12] by use: the handler ran once, and the next visit is told so', async () => {
      const credentials = await issue(museum);
      const browser = await openLink(museum, credentials, '/once');
      expect((await browser.visit('/once')).status).toBe(200);
      const { usedAt } = (await museum.row(credentials.uuid))!;
      expect(usedAt).not.toBeNull();
      const again = await browser.visit('/once');
      expect(problemOf(again)).toMatchObject({ status: 403, errorCode: 'TICKET_USED' });
      expect(await store.tokens(browser)).toEqual({});
      expect(museum.ledger.count(credentials.uuid)).toBe(1);
      expect((await museum.row(credentials.uuid))!.usedAt).toBe(usedAt);
    });

    it('[S-11] but lives on while the secret that signed it is known', async () => {
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

eachAdapter('a pass is taken back', (adapter) => {
  eachPassStore((store) => {
    let museum: Museum;
    beforeAll(async () => {
      museum = await startPlacesApp(adapter, anyDatabase, store);
    });

    it.each([
      ['used', { usedAt: 1 }],
      ['revoked', { revokedAt: 1 }],
      ['expired early', { expiresAt: 1 }],
    ] as const)('[S-12] [R-6] when its link is opened again: %s', async (_, change) => {
      const [credentials, other] = [await issue(museum), await issue(museum)];
      const browser = await openLink(museum, credentials);
      const tokens = await store.tokens(browser);
      await museum.tamper(other.uuid, change);
      const link = (shown: CredentialsLike) => browser.visit(`/louvre?${queryOf(shown)}`);
      // The links of another ticket and with a wrong secret take nothing from this ticket's pass.
      expect((await link(other)).status).toBe(403);
      expect((await link({ ...credentials, uuid: credentials.uuid, password: 'wrong' })).status).toBe(403);
      expect(await store.tokens(browser)).toEqual(tokens);
      await museum.tamper(credentials.uuid, change);
      const { uuid, password } = credentials;
      expect((await link({ uuid: uuid.toUpperCase(), password })).status).toBe(403);
      expect(await store.tokens(browser)).toEqual({});
    });

    it('[S-12] never for a database that cannot be read for a moment', async () => {
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

    it('[S-12] never for a fault of the app', async () => {
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
