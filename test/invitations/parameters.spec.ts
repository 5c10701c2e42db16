import { All, Body, Controller, Query } from '@nestjs/common';
import { type CredentialsLike, InvitationRequired } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, queriesOf, startApp } from '../support/app.js';
import { ask, cookieOf, follow } from './ask.js';

@Controller()
class HallController {
  constructor(private readonly ledger: Ledger) {}

  @All('hall')
  @InvitationRequired('louvre', 'visit')
  hall(@Query() query: object) {
    this.ledger.note('hall');
    return { query: { ...query } };
  }

  @All('desk')
  @InvitationRequired('louvre', 'visit', { credentials: ['body'] })
  desk(@Body() body: object) {
    this.ledger.note('desk');
    return { body };
  }
}

const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const controllers = [HallController];

async function issue({ tickets }: Museum, password?: string): Promise<CredentialsLike> {
  return (await tickets.issue({ place: 'louvre', purpose: 'visit', password })).credentials;
}

/** What a browser asks for that opens a link. */
function targetOf(museum: Museum, path: string, credentials: CredentialsLike): string {
  const { pathname, search } = new URL(museum.tickets.url(path, credentials));
  return pathname + search;
}

eachAdapter('One of the two parameters alone', (adapter) => {
  let museum: Museum;
  let credentials: CredentialsLike;
  let headers: Record<string, string>;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers });
    credentials = await issue(museum);
    headers = { Cookie: cookieOf(await ask(museum.app, targetOf(museum, '/hall', credentials))) };
  });

  it.each(['uuid=42', 'password=x', 'uuid=', 'password', '%75uid=42', 'page=2&uuid=42'])(
    '[F-17] is the app’s own beside a good pass: %s',
    async (query) => {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await ask(museum.app, `/hall?${query}`, { method, headers });
        expect(JSON.parse(answer.body)).toEqual({ query: Object.fromEntries(new URLSearchParams(query)) });
      }
    },
  );

  it.each([
    [form, 'password=a+new+one', { password: 'a new one' }],
    [form, 'uuid=42&page=2', { uuid: '42', page: '2' }],
    [json, '{"uuid":42}', { uuid: 42 }],
    [json, '{"password":"a new one"}', { password: 'a new one' }],
  ])('[F-17] is the app’s own in a body, too: %o %s', async (type, body, read) => {
    const question = { method: 'POST', headers: { ...headers, ...type }, body };
    const answer = await ask(museum.app, '/desk', question);
    expect(JSON.parse(answer.body)).toEqual({ body: read });
  });

  it('[F-17] stays the app’s own beside a link’s credentials in other names', async () => {
    const parameters = { uuid: 'ticket', password: 'key' };
    const other = await startApp(adapter, anyDatabase, { controllers, options: { parameters } });
    const link = targetOf(other, '/hall?uuid=42&password=x&page=2', await issue(other, 'I love Paris'));
    expect(link).toMatch(/^\/hall\?uuid=42&password=x&page=2&ticket=[0-9a-f-]{36}&key=/);
    const opened = await ask(other.app, link);
    expect(opened.headers.location).toBe('./hall?uuid=42&password=x&page=2');
    const Cookie = cookieOf(opened);
    const led = await ask(other.app, follow(link, opened.headers.location!), { headers: { Cookie } });
    expect(JSON.parse(led.body)).toEqual({ query: { uuid: '42', password: 'x', page: '2' } });
    const shown = await issue(other);
    const body = JSON.stringify({ ticket: shown.uuid, key: shown.password, uuid: 1 });
    const answer = await ask(other.app, '/desk', { method: 'POST', headers: json, body });
    expect(answer.status).toBe(200);
    for (const query of ['ticket[x]=1', 'ticket=1&ticket=1', 'ticket=1&key=1', 'key[]=x&uuid=1'])
      expect((await ask(other.app, `/hall?${query}`, { headers: { Cookie } })).status, query).toBe(403);
    expect((await ask(other.app, `/hall?uuid=${shown.uuid}&password=${shown.password}`)).status).toBe(401);
    for (const path of ['/hall?ticket=1', '/hall?key[x]=1'])
      expect(() => other.tickets.url(path, shown)).toThrow("path has a parameter '");
    expect(other.tickets.url('/hall?uuid=1', shown)).toContain('/hall?uuid=1&ticket=');
    const Authorization = `Ticket ${shown.uuid}:${shown.password}`;
    expect((await ask(other.app, '/hall', { headers: { Authorization } })).status).toBe(200);
  });

  it('[F-17] [C-8] is refused without a pass, with a forged one, and with one for elsewhere', async () => {
    const forged = { Cookie: headers['Cookie']!.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) };
    museum.ledger.entries.length = 0;
    for (const query of [
      `uuid=${credentials.uuid}`,
      `password=${credentials.password}`,
      'uuid',
      'password=',
    ]) {
      for (const cookie of [{}, forged]) {
        const queries = await queriesOf(museum, async () => {
          expect((await ask(museum.app, `/hall?${query}`, { headers: cookie })).status, query).toBe(403);
        });
        expect(queries).toEqual([]);
        const question = { method: 'POST', headers: { ...form, ...cookie }, body: query };
        expect((await ask(museum.app, '/desk', question)).status, query).toBe(403);
      }
    }
    expect(museum.ledger.entries).toEqual([]);
  });

  it.each([
    'uuid=1&uuid=1',
    'password&password',
    'uuid[]=1',
    'uuid[x]=1',
    'password[x][y]=1',
    'uuid=1&uuid[x]=1',
    'uuid=1&password=2',
    'uuid=&password=',
  ])(
    '[C-1] [C-2] [C-11] is nobody’s own when it is doubled, nested or a pair, a good pass or not: %s',
    async (query) => {
      museum.ledger.entries.length = 0;
      expect((await ask(museum.app, `/hall?${query}`, { headers })).status).toBe(403);
      const question = { method: 'POST', headers: { ...headers, ...form }, body: query };
      expect((await ask(museum.app, '/desk', question)).status).toBe(403);
      expect(museum.ledger.entries).toEqual([]);
    },
  );

  it('[F-17] is refused beside the other one elsewhere, and beside the header', async () => {
    const question = { method: 'POST', headers: { ...headers, ...json }, body: '{"password":"x"}' };
    expect((await ask(museum.app, '/desk?uuid=42', question)).status).toBe(403);
    const Authorization = `Ticket ${credentials.uuid}:${credentials.password}`;
    expect((await ask(museum.app, '/hall?uuid=42', { headers: { ...headers, Authorization } })).status).toBe(
      403,
    );
  });
});
