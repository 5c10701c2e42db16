import { All, Controller, UseInterceptors } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { InvitationRequired, StampInvitation, type TicketEvent } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter, type TestAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp, queriesOf } from '../support/app.js';
import { ask, authorization, cookieOf, queryOf } from './ask.js';

@Controller()
class LouvreController {
  constructor(private readonly ledger: Ledger) {}

  @All('louvre')
  @InvitationRequired('louvre', 'visit', { confirm: false })
  @UseInterceptors(StampInvitation)
  visit() {
    this.ledger.note('ran');
  }
}

const UNSAFE = ['POST', 'PUT', 'PATCH', 'DELETE'];
const HOST = 'museum.example:8080';

const FOREIGN: Record<string, string>[] = [
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'same-site' },
  { 'Sec-Fetch-Site': 'Same-Origin' },
  { 'Sec-Fetch-Site': '' },
  { 'Sec-Fetch-Site': 'cross-site', Origin: `http://${HOST}` },
  { Origin: 'http://evil.example' },
  { Origin: 'http://museum.example' },
  { Origin: 'http://museum.example:8081' },
  { Origin: 'http://evil.museum.example:8080' },
  { Origin: 'http://museum.example:8080.evil.example' },
  { Origin: 'null' },
  { Origin: '' },
  { Origin: HOST },
  { Origin: 'nonsense' },
];

const OWN: Record<string, string>[] = [
  {},
  { 'Sec-Fetch-Site': 'same-origin' },
  { 'Sec-Fetch-Site': 'none' },
  { 'Sec-Fetch-Site': 'same-origin', Origin: 'null' },
  { Origin: `http://${HOST}` },
  // A proxy in front ends TLS, and the app has not been told.
  { Origin: `https://${HOST}` },
  // Where the app says that it is reached.
  { Origin: 'https://louvre.example' },
];

eachAdapter('A request that changes something, with a pass,', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    const options = { baseUrl: 'https://louvre.example/museum' };
    museum = await startApp(adapter, anyDatabase, { controllers: [LouvreController], options });
  });

  async function guest() {
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const opened = await ask(museum.app, `/louvre?${queryOf(credentials)}`);
    museum.ledger.entries.length = 0;
    return {
      credentials,
      send: (headers: Record<string, string>, method = 'POST') =>
        ask(museum.app, '/louvre', { method, headers: { Host: HOST, Cookie: cookieOf(opened), ...headers } }),
      row: () => museum.row(credentials.uuid),
    };
  }

  it.each(FOREIGN)('[S-6] is refused when another site has sent it: %o', async (headers) => {
    const { send, row } = await guest();
    const before = await row();
    for (const method of UNSAFE) {
      const queries = await queriesOf(museum, async () => {
        const answer = await send(headers, method);
        expect(answer.status, method).toBe(403);
        expect(JSON.parse(answer.body)).toMatchObject({ errorCode: 'TICKET_INVALID' });
        expect(answer.headers['set-cookie'], 'the pass is kept').toBeUndefined();
      });
      expect(queries).toEqual([]);
    }
    expect(museum.ledger.entries).toEqual([]);
    expect(await row()).toEqual(before);
    expect((await send({})).status).toBeLessThan(300);
  });

  it.each(OWN)('goes on when its own site, or no browser, has sent it: %o', async (headers) => {
    for (const method of UNSAFE) {
      const { send } = await guest();
      expect((await send(headers, method)).status, method).toBeLessThan(300);
      expect(museum.ledger.entries).toEqual(['ran']);
    }
  });

  it('goes on from the host that it names, the port of its scheme left out', async () => {
    for (const [Host, Origin] of [
      ['museum.example', 'http://museum.example'],
      ['Museum.example', 'https://museum.example'],
      ['museum.example:443', 'https://museum.example'],
      ['[::1]:3000', 'http://[::1]:3000'],
    ] as const) {
      const { send } = await guest();
      expect((await send({ Host, Origin })).status, Host).toBeLessThan(300);
    }
  });

  it('is told to the app as an event, and not a word of the secret', async () => {
    const { send, credentials } = await guest();
    const seen: TicketEvent[] = [];
    const subscription = museum.tickets.events$.subscribe((event) => seen.push(event));
    await send({ 'Sec-Fetch-Site': 'cross-site' });
    subscription.unsubscribe();
    const { uuid } = credentials;
    expect(seen).toMatchObject([
      { type: 'refused', reason: 'cross-site', holder: true, uuid, place: 'louvre', purpose: 'visit' },
    ]);
  });

  it('may be a GET from anywhere: a link in a mail is nothing else', async () => {
    const { send } = await guest();
    expect((await send({ 'Sec-Fetch-Site': 'cross-site' }, 'GET')).status).toBe(200);
  });

  it('may come from any site with credentials, which no other site knows', async () => {
    const { credentials } = await guest();
    const headers = { ...authorization(credentials), 'Sec-Fetch-Site': 'cross-site', Host: HOST };
    expect((await ask(museum.app, '/louvre', { method: 'POST', headers })).status).toBeLessThan(300);
  });

  it('is 401 without a pass, as ever', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    expect((await ask(museum.app, '/louvre', { method: 'POST', headers })).status).toBe(401);
  });
});

eachAdapter('Behind a proxy, a request that changes something, with a pass,', (adapter) => {
  const trusting: TestAdapter = {
    name: adapter.name,
    create() {
      if (adapter.name === 'Fastify') return new FastifyAdapter({ trustProxy: true });
      const express = new ExpressAdapter();
      express.set('trust proxy', true);
      return express;
    },
  };

  it.each([
    ['goes on from the host that a trusted proxy names', trusting, 200],
    ['[S-6] is refused from a host that a stranger names', adapter, 403],
  ])('%s', async (_, which, status) => {
    const options = { baseUrl: undefined };
    const museum = await startApp(which, anyDatabase, { controllers: [LouvreController], options });
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const opened = await ask(museum.app, `/louvre?${queryOf(credentials)}`);
    const forwarded = { 'X-Forwarded-Host': 'museum.example', Origin: 'https://museum.example' };
    const headers = { Cookie: cookieOf(opened), Host: 'internal:3000', ...forwarded };
    expect((await ask(museum.app, '/louvre', { method: 'POST', headers })).status).toBe(status);
  });
});
