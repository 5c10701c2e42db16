import { expect, it, vi } from 'vitest';
import { authorization, BROWSER, cookieOf } from '../../invitations/ask.js';
import { formOf } from '../../invitations/page.form.js';
import { eachAdapter, request } from '../../support/adapters.js';
import { eachDatabase } from '../../support/databases.js';
import { SessionStore, withSessions } from '../../support/sessions.js';
import { Account } from './account.entity.js';
import { MagicLinkController } from './magic-link/magic-link.controller.js';
import { MagicLink } from './magic-link/magic-link.ticket.js';
import { open, startRecipe, twentyAtOnce } from './recipe.js';

const email = 'leonard@museum.example';
const ANSWER = [202, 'If there is such an account, a link is on its way.'];

eachAdapter('The recipe of a magic link', (adapter) => {
  const start = async (database?: Parameters<typeof startRecipe>[2]) => {
    const store = new SessionStore();
    const parts = { controllers: [MagicLinkController], entities: [Account] };
    const museum = await startRecipe(adapter, { ...parts, before: withSessions(adapter, store) }, database);
    const { app, dataSource, mail } = museum;
    await dataSource.manager.insert(Account, { id: 'leonard', email, sessionVersion: 7 });
    /** Asks for a link; with the cookie of the browser's session afterwards. */
    const ask = async (address: unknown, cookie = '') => {
      const asked = await request(app).post('/log-in/link').set('Cookie', cookie).send({ email: address });
      return { answer: [asked.status, asked.text], cookie: cookieOf(asked) };
    };
    const askForLink = async () => {
      const { cookie } = await ask(email);
      await vi.waitFor(() => expect(mail.sent).toHaveLength(1));
      return { cookie, link: mail.sent.pop()!.text };
    };
    const loggedIn = () => store.contents().filter(({ account }) => account !== undefined);
    return { ...museum, store, ask, askForLink, loggedIn };
  };

  it('logs its account in, after the button, in a session that is new', async () => {
    const { app, store, askForLink, loggedIn } = await start();
    const { cookie: session, link } = await askForLink();
    const before = new Set(store.rows.keys());
    const { location, cookie } = await open(app, link, session);
    const browse = (target: string) => request(app).get(target).set('Cookie', cookie).set(BROWSER);
    const page = await browse(location);
    expect([page.status, loggedIn()]).toEqual([200, []]);
    const entered = await browse(formOf(page.text, location).target);
    expect([entered.status, entered.headers.location]).toEqual([303, '/account']);
    expect(loggedIn()).toEqual([{ account: 'leonard', version: 7 }]);
    expect([...store.rows.keys()].filter((id) => before.has(id))).toEqual([]);
    const again = await request(app).get(location).set('Cookie', cookie);
    expect(again.body.errorCode).toBe('TICKET_USED');
  });

  it('opens in the browser alone that has asked for it', async () => {
    const { app, tickets, askForLink, loggedIn } = await start();
    const { cookie: session, link } = await askForLink();
    const elsewhere = await open(app, link);
    const refused = await request(app).get(elsewhere.location).set('Cookie', elsewhere.cookie);
    const message = 'Open the link in the browser in which you have asked for it.';
    expect([refused.status, refused.body.message, loggedIn()]).toEqual([403, message, []]);
    expect(await tickets.count(MagicLink, { status: 'valid' })).toBe(1);
    const { location, cookie } = await open(app, link, session);
    expect((await request(app).get(location).set('Cookie', cookie)).status).toBe(303);
  });

  it('answers alike, account or none, and sends no more than three links that are valid', async () => {
    const { tickets, mail, ask } = await start();
    expect((await ask('nobody@museum.example')).answer).toEqual(ANSWER);
    expect((await ask(['a'])).answer[0]).toBe(400);
    const count = vi.spyOn(tickets, 'count');
    for (let time = 1; time <= 4; time += 1) {
      expect((await ask(email)).answer).toEqual(ANSWER);
      await vi.waitFor(() => expect(count).toHaveBeenCalledTimes(time));
      await vi.waitFor(() => expect(mail.sent).toHaveLength(Math.min(time, 3)));
    }
    await Promise.all(count.mock.results.map(({ value }) => value));
    expect(await tickets.count(MagicLink)).toBe(3);
    for (let time = 0; time < 4; time += 1) await ask('nobody@museum.example');
    expect((await ask(email)).answer[0]).toBe(429);
  });

  eachDatabase('twenty requests at once', (database) => {
    it('log in once', async () => {
      const { app, tickets, ask, store, loggedIn } = await start(database);
      const { cookie } = await ask('nobody@museum.example');
      const { browser } = store.contents()[0] as { browser: string };
      const { credentials } = await tickets.issue(MagicLink, { subject: 'leonard', data: { browser } });
      const send = () =>
        request(app).get('/log-in/link').set(authorization(credentials)).set('Cookie', cookie);
      const statuses = await twentyAtOnce(send);
      expect(statuses.filter((status) => status === 303)).toHaveLength(1);
      expect(loggedIn()).toHaveLength(1);
    });
  });
});
