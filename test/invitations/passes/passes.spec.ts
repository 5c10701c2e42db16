import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { TestClock } from '../../support/clock.js';
import { anyDatabase, type Museum, queriesOf } from '../../support/app.js';
import { queryOf, type WholeAnswer } from '../ask.js';
import { Browser } from '../browser.js';
import { issue, openLink, startPlacesApp, roomController } from '../places.app.js';
import { eachPassStore } from './pass.stores.js';

const rooms = Array.from({ length: 30 }, (_, number) => number);

eachAdapter('a pass', (adapter) => {
  eachPassStore((store) => {
    const clock = new TestClock();
    let museum: Museum;
    beforeAll(async () => {
      const controllers = rooms.map(roomController);
      museum = await startPlacesApp(adapter, anyDatabase, store, {
        controllers,
        options: { now: clock.now },
      });
    });

    /** What a browser is answered to whose passes are others, and what that cost. */
    async function answerTo(browser: Browser, tokens: Record<string, string>) {
      const copy = browser.copy();
      await store.tamper(copy, tokens);
      let answer!: WholeAnswer;
      const queries = await queriesOf(museum, async () => (answer = await copy.visit('/louvre')));
      return { answer, queries };
    }

    it('admits, as often as it is shown', async () => {
      const credentials = await issue(museum);
      const browser = await openLink(museum, credentials);
      expect(await browser.visit('/louvre')).toMatchObject({ status: 200, body: credentials.uuid });
      expect(await browser.visit('/louvre?page=2')).toMatchObject({ status: 200 });
      expect(museum.ledger.count(credentials.uuid)).toBe(2);
    });

    it('[S-2] [S-12] admits no longer than its ticket lasts, and tells the reason from then on', async () => {
      const credentials = await issue(museum, { expiresIn: '1m' });
      const browser = await openLink(museum, credentials);
      clock.advance(60_000 - 1);
      expect((await browser.visit('/louvre')).status).toBe(200);
      clock.advance(1);
      for (const ms of [14 * 60_000 - 1, 1]) {
        const again = await browser.visit('/louvre');
        expect(JSON.parse(again.body)).toMatchObject({ statusCode: 403, errorCode: 'TICKET_EXPIRED' });
        clock.advance(ms);
      }
      expect((await browser.visit('/louvre')).status).toBe(401);
      expect(museum.ledger.count(credentials.uuid)).toBe(1);
    });

    it('[S-2] is as if absent past its time', async () => {
      const credentials = await issue(museum);
      const browser = await openLink(museum, credentials);
      clock.advance(15 * 60_000 - 1);
      expect((await browser.visit('/louvre')).status).toBe(200);
      clock.advance(1);
      const nothing = await new Browser(museum.app).visit('/louvre');
      expect(await answerTo(browser, {})).toEqual({ answer: nothing, queries: [] });
      expect(museum.ledger.count(credentials.uuid)).toBe(1);
      // The link itself is still good.
      await openLink(museum, credentials, '/louvre', browser);
      expect((await browser.visit('/louvre')).status).toBe(200);
    });

    it('[S-1] is as if absent when forged, truncated, altered or re-encoded, and costs no query', async () => {
      const browser = await openLink(museum, await issue(museum));
      const nothing = await new Browser(museum.app).visit('/louvre');
      expect(nothing.status).toBe(401);
      const [[name, text]] = Object.entries(await store.tokens(browser)) as [[string, string]];
      const flipped = (at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      const altered = {
        empty: '',
        truncated: text.slice(0, -1),
        lengthened: `${text}A`,
        flipped: flipped(text.length - 20),
        'flipped in the uuid': flipped(12),
        'in upper case': text.toUpperCase(),
        padded: `${text}=`,
        'percent-encoded': text.replaceAll('.', '%2E'),
        'percent-encoded whole': [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join(''),
        'in quotes': `"${text}"`,
        base64: Buffer.from(text).toString('base64'),
        'badly encoded': `${text}%`,
        long: text.padEnd(8_000, 'A'),
      };
      const accepted: string[] = [];
      for (const [how, shown] of Object.entries(altered)) {
        const { answer, queries } = await answerTo(browser, { [name]: shown });
        if (answer.status !== 401) accepted.push(how);
        else expect({ answer, queries }, how).toEqual({ answer: nothing, queries: [] });
      }
      expect(accepted).toEqual([]);
      expect((await answerTo(browser, { [name]: text })).answer.status).toBe(200);
    });

    it('[S-3] never admits under the name of another place or purpose', async () => {
      const scopes = [
        ['/louvre', 'louvre', 'visit'],
        ['/shop', 'louvre', 'purchase'],
        ['/Louvre', 'Louvre', 'visit'],
        ['/louvre-padded', 'louvre ', 'visit'],
        ['/abc1', 'a', 'b:c'],
        ['/abc2', 'a:b', 'c'],
      ] as const;
      const passes = [];
      for (const [path, place, purpose] of scopes) {
        if (path === '/Louvre' && adapter.name === 'Express') continue; // routes know no case there
        const browser = await openLink(museum, await issue(museum, { place, purpose }), path);
        const [[name, text]] = Object.entries(await store.tokens(browser)) as [[string, string]];
        passes.push({ path, name, text });
      }
      expect(new Set(passes.map(({ name }) => name)).size).toBe(passes.length);
      const statusOf = async (path: string, tokens: Record<string, string>) => {
        const browser = new Browser(museum.app);
        await store.tamper(browser, tokens);
        return (await browser.visit(path)).status;
      };
      for (const here of passes) {
        for (const there of passes.filter((other) => other !== here)) {
          expect(await statusOf(here.path, { [there.name]: there.text })).toBe(401);
          expect(await statusOf(here.path, { [here.name]: there.text })).toBe(401);
        }
        expect(await statusOf(here.path, { [here.name]: here.text })).toBe(200);
      }
    });

    it('lives beside the passes for other places and purposes, and other cookies', async () => {
      const [visit, purchase] = [await issue(museum), await issue(museum, { purpose: 'purchase' })];
      const browser = new Browser(museum.app, [['theme', 'dark']]);
      await openLink(museum, visit, '/louvre', browser);
      await openLink(museum, purchase, '/shop', browser);
      browser.cookies.set('a', '%');
      expect(await browser.visit('/louvre')).toMatchObject({ status: 200, body: visit.uuid });
      expect(await browser.visit('/shop')).toMatchObject({ status: 200, body: purchase.uuid });
    });

    it.each([1, 0])(
      '[S-13] lives beside that of a link for the same place and purpose, opened %i ms before',
      async (ms) => {
        const [first, second] = [await issue(museum), await issue(museum)];
        const browser = await openLink(museum, first);
        const before = await store.tokens(browser);
        clock.advance(ms);
        await openLink(museum, second, '/louvre', browser);
        expect(Object.entries(await store.tokens(browser))).toEqual([
          ...Object.entries(before),
          [expect.any(String), expect.any(String)],
        ]);
        expect(await browser.visit('/louvre')).toMatchObject({ status: 200, body: second.uuid });
      },
    );

    it('[S-1] [S-13] counts under its own name only', async () => {
      const browser = await openLink(museum, await issue(museum));
      const [[name, text]] = Object.entries(await store.tokens(browser)) as [[string, string]];
      const other = new Browser(museum.app);
      await store.tamper(other, { [`${name.slice(0, -16)}another-ticket-s`]: text });
      expect((await other.visit('/louvre')).status).toBe(401);
    });

    it.each([
      ['30 links are opened one after the other', 30, 1],
      ['12 links are opened at one instant', 12, 0],
    ])('[S-10] is one of ten at most, the newest, when %s', async (_, count, ms) => {
      const opened = rooms.slice(0, count);
      const browser = new Browser(museum.app, [['theme', 'dark']]);
      for (const number of opened) {
        const credentials = await issue(museum, { place: `room ${number}` });
        await openLink(museum, credentials, `/room${number}`, browser);
        expect(Object.keys(await store.tokens(browser)).length).toBe(Math.min(number + 1, 10));
        clock.advance(ms);
      }
      const statuses = [];
      for (const number of opened) statuses.push((await browser.visit(`/room${number}`)).status);
      expect(statuses).toEqual([...opened.slice(0, -10).map(() => 401), ...opened.slice(-10).map(() => 200)]);
      expect(browser.cookies.get('theme')).toBe('dark');
    });

    it('[S-10] stays, though it is the oldest, when it was granted anew', async () => {
      const browser = new Browser(museum.app);
      const open = async (number: number) => {
        const credentials = await issue(museum, { place: `room ${number}` });
        clock.advance(1);
        await openLink(museum, credentials, `/room${number}`, browser);
      };
      for (const number of rooms.slice(0, 10)) await open(number);
      await open(0);
      await open(10);
      expect((await browser.visit('/room0')).status).toBe(200);
      expect((await browser.visit('/room1')).status).toBe(401);
      expect((await browser.visit('/room2')).status).toBe(200);
    });

    it('[S-10] gives no way to garbage, which goes first', async () => {
      const browser = await openLink(museum, await issue(museum));
      const [[name]] = Object.entries(await store.tokens(browser)) as [[string, string]];
      const garbage = rooms.slice(0, 20).map((number) => {
        const other = `${name.slice(0, -16)}garbage-garbag${10 + number}`;
        return [other, number % 2 ? 'dark' : `${'A'.repeat(8)}.zzzz.1.zzzzzzzzz.zzzzzzzz.${'A'.repeat(43)}`];
      });
      await store.tamper(browser, Object.fromEntries(garbage) as Record<string, string>);
      await openLink(museum, await issue(museum, { purpose: 'purchase' }), '/shop', browser);
      expect(Object.keys(await store.tokens(browser)).length).toBe(10);
      expect((await browser.visit('/louvre')).status).toBe(200);
      expect((await browser.visit('/shop')).status).toBe(200);
    });

    it('is granted to nobody whose credentials are wrong', async () => {
      const browser = new Browser(museum.app);
      const credentials = await issue(museum);
      const wrong = queryOf({ ...credentials, password: `${credentials.password.slice(0, -1)}?` });
      expect((await browser.visit(`/louvre?${wrong}`)).status).toBe(403);
      expect(await store.tokens(browser)).toEqual({});
    });
  });
});
