import { All, Controller } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type CredentialsLike, InvitationRequired, TicketService } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp } from '../support/app.js';
import { ask, askRaw, follow, queryOf } from './ask.js';

@Controller()
class EverywhereController {
  constructor(
    private readonly ledger: Ledger,
    private readonly tickets: TicketService,
  ) {}

  @All('links')
  async link() {
    const { credentials } = await this.tickets.issue({ place: 'louvre', purpose: 'visit' });
    return { link: this.tickets.url('/louvre', credentials) };
  }

  /** Wherever a request goes, so that the guard sees every target that the platform lets through. */
  @All('*')
  @InvitationRequired('louvre', 'visit')
  visit() {
    this.ledger.note('ran');
    return 'Welcome';
  }
}

const ORIGIN = 'http://museum.example';

eachAdapter('the redirect', (adapter) => {
  let museum: Museum;
  let credentials: CredentialsLike;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers: [EverywhereController] });
    credentials = (await museum.tickets.issue({ place: 'louvre', purpose: 'visit' })).credentials;
  });

  it.each([
    '//evil.example',
    '//evil.example/louvre',
    '///evil.example/louvre',
    '/\\evil.example',
    '/\\/evil.example',
    '\\\\evil.example',
    '/louvre\\..\\evil.example',
    'http://evil.example/louvre',
    'https://evil.example:443/louvre',
    '//museum.example@evil.example/',
  ])('[L-1] is refused with 400, and without a pass, for the target %s', async (target) => {
    const host = 'Host: museum.example\r\nConnection: close';
    const answer = await askRaw(
      museum.app,
      `GET ${target}?${queryOf(credentials)} HTTP/1.1\r\n${host}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toMatch(/^(location|set-cookie):/im);
    expect(museum.ledger.entries).toEqual([]);
  });

  it.each([
    '/%2F%2Fevil.example',
    '/%2f/evil.example',
    '/%5Cevil.example',
    '/%5c%5cevil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/%2e%2e//evil.example',
    '/@evil.example',
    '/:80/evil.example',
    '/%0d%0aLocation:%20http:%2F%2Fevil.example',
    '/%09/evil.example',
    '/louvre;//evil.example',
    '/javascript:alert(1)',
  ])('[L-1] stays on this origin for %s', async (path) => {
    const answer = await ask(museum.app, `${path}?${queryOf(credentials)}`);
    expect(answer.status).toBe(303);
    // The way a browser reads a Location.
    const led = new URL(answer.headers.location!, `${ORIGIN}/museum${path}`);
    expect(led.href).toBe(new URL(`/museum${path}`, ORIGIN).href);
    expect(museum.ledger.entries).toEqual([]);
  });

  it.each(['\r\nLocation: http://evil.example\r\n', '\nSet-Cookie: a=b\n', '\t/evil', '\0', '\x7f', '\x85'])(
    '[L-1] lets no control character through: %j',
    async (bytes) => {
      for (const target of [
        `/louvre${bytes}?${queryOf(credentials)}`,
        `/louvre?${queryOf(credentials)}&a=${bytes}`,
      ]) {
        const host = 'Host: museum.example\r\nConnection: close';
        const answer = await askRaw(museum.app, `GET ${target} HTTP/1.1\r\n${host}\r\n\r\n`);
        const [head = ''] = answer.split('\r\n\r\n');
        expect(head).not.toContain('evil');
        expect(head).not.toMatch(/^set-cookie: a=b/im);
        expect(head).toMatch(/^HTTP\/1\.1 4/);
      }
      expect(museum.ledger.entries).toEqual([]);
    },
  );

  it.each([
    'a=1&a=2&a=1',
    'a=&b&=c&&d=1',
    'q=a+b%20c%2Bd&e=%C3%A9&f=%ZZ',
    'next=https://evil.example/?uuid&next=//evil.example',
    'utm_source=x&page=2&UUID=1&a[uuid]=2',
  ])('[L-2] keeps other parameters to the letter and in order: %s', async (others) => {
    const { uuid, password } = credentials;
    const spellings = [
      `${others}&${queryOf(credentials)}`,
      `${queryOf(credentials)}&${others}`,
      `uuid=${uuid}&${others}&password=${password}`,
      `password=${password}&${others}&%75uid=${uuid}`,
    ];
    for (const query of spellings) {
      const answer = await ask(museum.app, `/louvre?${query}`);
      expect(answer).toMatchObject({ status: 303, headers: { location: `./louvre?${others}` } });
    }
  });

  it('[L-2] sends the holder to the same path and nowhere else', async () => {
    for (const [path, location] of [
      ['/', '?'],
      ['/louvre', './louvre'],
      ['/louvre/room/6', './6'],
      ['/m%C3%BCnchen', './m%C3%BCnchen'],
      ['/rooms/', '?'],
      ['/a/..', '?'],
    ] as const) {
      const answer = await ask(museum.app, `${path}?${queryOf(credentials)}`);
      expect(answer).toMatchObject({ status: 303, headers: { location } });
      expect(follow(path, location)).toBe(new URL(path, ORIGIN).pathname);
    }
  });

  it('[L-3] [L-4] ignores what a request says of its host, and keeps the address out of Referer', async () => {
    const hostile = {
      Host: 'evil.example',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Prefix': '//evil.example',
      'X-Original-URL': '//evil.example/louvre',
      'X-Rewrite-URL': '//evil.example/louvre',
      Forwarded: 'host=evil.example;proto=https',
    };
    const honest = await ask(museum.app, `/louvre?a=1&${queryOf(credentials)}`);
    const answer = await ask(museum.app, `/louvre?a=1&${queryOf(credentials)}`, { headers: hostile });
    for (const { status, headers } of [honest, answer]) {
      expect(status).toBe(303);
      expect(headers.location).toBe('./louvre?a=1');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cache-control']).toBe('no-store');
    }
    expect(answer.lines.join('\n')).not.toContain('evil');
    // Without a proxy that the app trusts, the scheme is the connection's.
    expect(answer.headers['set-cookie']![0]).not.toContain('Secure');
    const made = await ask(museum.app, '/links', { headers: hostile });
    expect(JSON.parse(made.body).link).toMatch(/^http:\/\/museum\.example\/louvre\?uuid=/);
  });
});

it('[L-1] is refused on Fastify where it takes doubled slashes for one', async () => {
  const routerOptions = { ignoreDuplicateSlashes: true };
  const create = () => new FastifyAdapter({ routerOptions, forceCloseConnections: true });
  const parts = { controllers: [EverywhereController] };
  const museum = await startApp({ name: 'Fastify', create }, anyDatabase, parts);
  const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
  const answer = await ask(museum.app, `//evil.example/louvre?${queryOf(credentials)}`);
  expect(answer.status).toBe(400);
  expect(answer.headers).not.toHaveProperty('location');
  expect(answer.headers).not.toHaveProperty('set-cookie');
  expect(museum.ledger.entries).toEqual([]);
});
