import type { INestApplication } from '@nestjs/common';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { barrier } from '../../support/barrier.js';
import { anyDatabase, type Museum, startApp, queriesOf } from '../../support/app.js';
import { SessionStore, withSessions } from '../../support/sessions.js';
import { ask, queryOf } from '../ask.js';
import { Browser } from '../browser.js';
import { PlacesController, issue, openLink } from '../places.app.js';
import { captureLog } from '../captured-log.js';
import { fixate } from './fixation.js';
import { SessionController, sessionOf, writeSession } from './pass.stores.js';

const controllers = [PlacesController, SessionController];
const options = { pass: { store: 'session' } } as const;

eachAdapter('a pass in the session', (adapter) => {
  describe.each([{ saveUninitialized: false }, { saveUninitialized: true }])('with %o', (sessions) => {
    let museum: Museum;
    const store = new SessionStore();
    beforeAll(async () => {
      const before = withSessions(adapter, store, sessions);
      museum = await startApp(adapter, anyDatabase, { controllers, options, before });
    });
    beforeEach(() => {
      store.rows.clear();
      store.onStatement = () => undefined;
    });

    it('[S-5] comes with a new id for the session, all else of which is kept', async () => {
      expect(await fixate(museum, store)).toEqual([]);
    });

    it('[S-5] comes with a new id each time', async () => {
      const [first, second] = [await issue(museum), await issue(museum, { purpose: 'purchase' })];
      const browser = await openLink(museum, first);
      const old = browser.copy();
      await openLink(museum, second, '/shop', browser);
      expect(await browser.visit('/louvre')).toMatchObject({ status: 200, body: first.uuid });
      expect(await browser.visit('/shop')).toMatchObject({ status: 200, body: second.uuid });
      expect((await old.copy().visit('/louvre')).status).toBe(401);
      expect((await old.copy().visit('/shop')).status).toBe(401);
      expect([...browser.cookies]).toHaveLength(1);
    });

    it('[S-5] is stored before the guest is sent on', async () => {
      const browser = new Browser(museum.app);
      const [reached, gate] = [barrier(), barrier()];
      store.onStatement = (_, row) => {
        if (!row?.includes('ticketOffice')) return undefined;
        reached.open();
        return gate.opened;
      };
      let isAnswered = false;
      const opening = openLink(museum, await issue(museum), '/louvre', browser).finally(() => {
        isAnswered = true;
      });
      await reached.opened;
      // Whatever had been sent by now would have come before this.
      for (let times = 0; times < 5; times += 1) await ask(museum.app, '/nowhere', { method: 'PUT' });
      expect(isAnswered).toBe(false);
      gate.open();
      await opening;
      expect((await browser.visit('/louvre')).status).toBe(200);
    });

    it('needs no session that was there before', async () => {
      const browser = await openLink(museum, await issue(museum));
      expect((await browser.visit('/louvre')).status).toBe(200);
      const [kept] = store.contents();
      expect(kept).toEqual({ ticketOffice: expect.any(Object) });
      expect(Object.entries(kept!.ticketOffice as object)).toEqual([
        [expect.stringMatching(/^[\w-]{25}$/), expect.stringMatching(/^[\w.-]{132,138}$/)],
      ]);
    });

    it.each([
      ['end the old session', 'destroy', ''],
      ['store the new one', 'set', ''],
      ['store the pass', 'set', 'ticketOffice'],
    ])('is not granted where the store fails to %s', async (_, failing, content) => {
      const browser = new Browser(museum.app);
      await writeSession(browser, { visitor: 'Léonard' });
      const credentials = await issue(museum);
      captureLog();
      let faults = 1;
      store.onStatement = (statement, row = '') => {
        if (statement === failing && row.includes(content) && faults-- > 0)
          throw new Error('the store is away');
      };
      const answer = await browser.visit(`/louvre?${queryOf(credentials)}`);
      expect(answer.status).toBe(500);
      expect(answer.headers).not.toHaveProperty('location');
      const fields = store.contents().map((session) => JSON.stringify(session));
      expect(fields.filter((text) => text !== '{}' && text !== '{"visitor":"Léonard"}')).toEqual([]);
      expect((await browser.visit('/louvre')).status).toBe(401);
      // The ticket is as good as before.
      await openLink(museum, credentials, '/louvre', browser);
    });

    it('[S-12] leaves the session with all else when it is taken back, under the same id', async () => {
      const [first, second] = [await issue(museum), await issue(museum, { purpose: 'purchase' })];
      const browser = await openLink(museum, first);
      await openLink(museum, second, '/shop', browser);
      await writeSession(browser, { visitor: 'Léonard' });
      const cookies = [...browser.cookies];
      await museum.tickets.reissue(first.uuid);
      expect((await browser.visit('/louvre')).status).toBe(401);
      expect(Object.keys((await sessionOf(browser)).ticketOffice as object)).toHaveLength(1);
      await museum.tickets.reissue(second.uuid);
      expect((await browser.visit('/shop')).status).toBe(401);
      expect(await sessionOf(browser)).toEqual({ visitor: 'Léonard', lifetime: null });
      expect([...browser.cookies]).toEqual(cookies);
    });

    it.each([
      ['a text', 'ticket'],
      ['a list', ['ticket']],
      ['a number', 1],
      ['null', null],
      ['a list by scope', { louvre: [] }],
    ])('[S-1] is as if absent where the session has %s instead', async (_, ticketOffice) => {
      const browser = new Browser(museum.app);
      await writeSession(browser, { ticketOffice });
      const queries = await queriesOf(museum, async () =>
        expect((await browser.visit('/louvre')).status).toBe(401),
      );
      expect(queries).toEqual([]);
      await openLink(museum, await issue(museum), '/louvre', browser);
      expect((await browser.visit('/louvre')).status).toBe(200);
      expect(Object.keys((await sessionOf(browser)).ticketOffice as object)).toHaveLength(1);
    });
  });

  it('[S-5] is caught where the session keeps its id', async () => {
    const store = new SessionStore();
    const keepId = (app: INestApplication) => {
      const before = (request: { session: object }, _: unknown, next: () => void) => {
        Object.defineProperty(request.session, 'regenerate', { value: (done: () => void) => done() });
        next();
      };
      if (adapter.name === 'Express') app.use(before);
      else app.getHttpAdapter().getInstance().addHook('preHandler', before);
    };
    const before = async (app: INestApplication) => {
      await withSessions(adapter, store)(app);
      keepId(app);
    };
    const museum = await startApp(adapter, anyDatabase, { controllers, options, before });
    expect(await fixate(museum, store)).toEqual([
      'cookies with the id that was known: 1, not 0',
      'the answer to the old id: 200, not 401',
      expect.stringMatching(/^what the old id has: .*ticketOffice/),
    ]);
  });
});
