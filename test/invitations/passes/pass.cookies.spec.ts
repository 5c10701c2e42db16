import type { INestApplication } from '@nestjs/common';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter, type TestAdapter } from '../../support/adapters.js';
import { TestClock } from '../../support/clock.js';
import { anyDatabase, type Museum, startApp } from '../../support/app.js';
import { ask, cookieOf, queryOf, type WholeAnswer } from '../ask.js';
import { Browser } from '../browser.js';
import { PlacesController, issue, openLink, roomController } from '../places.app.js';

const rooms = Array.from({ length: 12 }, (_, number) => number);
const controllers = [PlacesController, ...rooms.map(roomController)];

const setCookies = ({ headers }: WholeAnswer): string[] => headers['set-cookie'] ?? [];
const setCookie = (answer: WholeAnswer): string => setCookies(answer).join('\n');

eachAdapter('a pass in a cookie', (adapter) => {
  const clock = new TestClock();
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers, options: { now: clock.now } });
  });

  it('[S-8] is one exact header on http', async () => {
    const answer = await ask(museum.app, `/louvre?${queryOf(await issue(museum))}`);
    expect(setCookie(answer)).toMatch(
      /^ticket-office-[\w-]{25}=[\w.-]{132,138}; Max-Age=900; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it('[S-2] [S-12] lasts its time out, though its ticket ends sooner: the guest is told so until then', async () => {
    const answer = await ask(museum.app, `/louvre?${queryOf(await issue(museum, { expiresIn: '1m' }))}`);
    expect(setCookie(answer)).toContain('; Max-Age=900;');
  });

  it('[S-8] [S-12] is cleared by one exact header', async () => {
    const credentials = await issue(museum);
    const browser = await openLink(museum, credentials);
    const [name] = [...browser.cookies.keys()];
    await museum.tickets.reissue(credentials.uuid);
    expect(setCookie(await browser.visit('/louvre'))).toBe(
      `${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`,
    );
  });

  it('[S-10] is one of ten that a browser sends in far less than a server takes', async () => {
    const browser = new Browser(museum.app);
    for (const number of rooms) {
      await openLink(museum, await issue(museum, { place: `room ${number}` }), `/room${number}`, browser);
    }
    const sent = [...browser.cookies].map(([name, value]) => `__Host-${name}=${value}`).join('; ');
    expect(browser.cookies.size).toBe(10);
    expect(sent.length).toBeLessThan(2_000);
  });

  it('[S-10] takes nobody else’s cookie back, whatever its name begins with', async () => {
    const others: [string, string][] = [
      'theme',
      'ticket-office',
      'ticket-office-',
      'ticket-office-theme',
      'ticket-office-aaaaaaaaaaaaaaaa',
      'ticket-office-aaaaaaaa-aaaaaaaaaaaaaaaa',
      'my-ticket-office-aaaaaaaaaaaaaaaa',
      '__Secure-ticket-office-aaaaaaaaaaaaaaaa',
      'Ticket-Office-aaaaaaaaaaaaaaaa',
      'ticket-office-aaaaaaaaaaaaaaa.',
      'sessionId',
      'connect.sid',
    ].map((name) => [name, '1']);
    const browser = new Browser(museum.app, others);
    for (const number of rooms) {
      await openLink(museum, await issue(museum, { place: `room ${number}` }), `/room${number}`, browser);
    }
    expect([...browser.cookies].slice(0, others.length)).toEqual(others);
    expect(browser.cookies.size).toBe(others.length + 10);
  });
});

/** The two platforms behind a proxy that they trust. */
const behindProxy: Record<TestAdapter['name'], () => ExpressAdapter | FastifyAdapter> = {
  Express: () => new ExpressAdapter(),
  Fastify: () => new FastifyAdapter({ trustProxy: true, forceCloseConnections: true }),
};

eachAdapter('a pass on https', ({ name }) => {
  const trust = (app: INestApplication) =>
    name === 'Express' && (app as NestExpressApplication).set('trust proxy', true);
  const https = { 'X-Forwarded-Proto': 'https' };
  const clock = new TestClock();
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp({ name, create: behindProxy[name] }, anyDatabase, {
      controllers,
      before: trust,
      options: { now: clock.now },
    });
  });

  it('[S-8] is one exact header', async () => {
    const answer = await ask(museum.app, `/louvre?${queryOf(await issue(museum))}`, { headers: https });
    expect(setCookie(answer)).toMatch(
      /^__Host-ticket-office-[\w-]{25}=[\w.-]{132,138}; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('[S-8] admits on https, under its name of there only', async () => {
    const credentials = await issue(museum);
    const answer = await ask(museum.app, `/louvre?${queryOf(credentials)}`, { headers: https });
    const Cookie = cookieOf(answer);
    expect((await ask(museum.app, '/louvre', { headers: { ...https, Cookie } })).status).toBe(200);
    const bare = { ...https, Cookie: Cookie.replace('__Host-', '') };
    expect((await ask(museum.app, '/louvre', { headers: bare })).status).toBe(401);
    expect(museum.ledger.count(credentials.uuid)).toBe(1);
  });

  it('[S-8] [S-12] is cleared by one exact header', async () => {
    const credentials = await issue(museum);
    const opened = await ask(museum.app, `/louvre?${queryOf(credentials)}`, { headers: https });
    await museum.tickets.reissue(credentials.uuid);
    const headers = { ...https, Cookie: cookieOf(opened) };
    expect(setCookie(await ask(museum.app, '/louvre', { headers }))).toMatch(
      /^__Host-ticket-office-[\w-]{25}=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('[S-8] [S-10] makes room among those of https, whatever a sibling host has set beside them', async () => {
    const browser = new Browser(museum.app);
    const open = async (number: number, headers = {}) => {
      clock.advance(1);
      const query = queryOf(await issue(museum, { place: `room ${number}` }));
      return browser.visit(`/room${number}?${query}`, { headers });
    };
    for (const number of rooms.slice(0, 10)) await open(number, https);
    const [first] = [...browser.cookies.keys()];
    const planted = rooms
      .slice(0, 10)
      .map((number) => `${first!.slice('__Host-'.length, -16)}sibling${String(number).padStart(9, '0')}`);
    for (const sibling of planted) browser.cookies.set(sibling, 'dark');
    expect(setCookies(await open(10, https)).slice(1)).toEqual([
      `${first}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ]);
    expect(first).toMatch(/^__Host-/);
    expect(browser.cookies.size).toBe(20);
  });
});
