import { All, Controller, type INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type CredentialsLike, Invitation, InvitationRequired, type Ticket } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter, type TestAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp, queriesOf } from '../support/app.js';
import { ask, askRaw, authorization, cookieOf, queryOf, type Question, type WholeAnswer } from './ask.js';

@Controller()
class LouvreController {
  constructor(private readonly ledger: Ledger) {}

  @All('louvre')
  @InvitationRequired('louvre', 'visit')
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return 'Welcome';
  }

  @All('reception')
  @InvitationRequired('louvre', 'visit', { credentials: ['body'] })
  reception(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return 'received';
  }
}

const controllers = [LouvreController];
// The cheapest argon2id that is accepted: its cost is not what these tests are about.
const options = { argon2: { memoryCost: 7168, timeCost: 5, parallelism: 1 } };

const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JUNK = 'x'.repeat(1_000_000);

// As much as the guard may ever see: the platforms' own limits would answer first.
const roomyBodies = (adapter: TestAdapter) => (app: INestApplication) => {
  const express = app as NestExpressApplication;
  if (adapter.name === 'Express') {
    express.set('query parser', 'extended');
    express.useBodyParser('json', { limit: '3mb' });
    express.useBodyParser('urlencoded', { limit: '3mb', parameterLimit: 20_000, extended: true });
  } else {
    const fastify = (app as NestFastifyApplication).getHttpAdapter().getInstance();
    fastify.addHook('onRoute', (route) => void (route.bodyLimit = 3_000_000));
  }
};

eachAdapter('credentials on a request', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers, options });
  });
  describeParsed(() => museum);
  describeRead(() => museum);
});

eachAdapter('credentials on a request, roomy parsers that nest,', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    const parts = { controllers, options, before: roomyBodies(adapter) };
    museum = await startApp(adapter, anyDatabase, parts);
  });
  describeParsed(() => museum);

  it('[C-4] refuses a password of 1 MB in a body before any query', async () => {
    const { uuid } = await issue(museum);
    const body = JSON.stringify({ uuid, password: JUNK });
    await refused(museum, uuid, '/reception', { method: 'POST', headers: json, body });
    const shown = new URLSearchParams({ uuid, password: JUNK }).toString();
    await refused(museum, uuid, '/reception', { method: 'POST', headers: form, body: shown });
  });

  it('[C-4] refuses thousands of parameters in a form before any query', async () => {
    const credentials = await issue(museum);
    const body = `${'uuid=1&'.repeat(5000)}${queryOf(credentials)}`;
    await refused(museum, credentials.uuid, '/reception', { method: 'POST', headers: form, body });
  });
});

const isFastify = (app: INestApplication): boolean => app.getHttpAdapter().getType() === 'fastify';

async function issue(museum: Museum, password?: string): Promise<CredentialsLike> {
  return (await museum.tickets.issue({ place: 'louvre', purpose: 'visit', password })).credentials;
}

/** Asserts a stranger's 403 that cost no query, for a handler that did not run and a row that did not change. */
async function refused(museum: Museum, uuid: string, target: string, question?: Question): Promise<void> {
  const row = await museum.row(uuid);
  const wrong = { uuid, password: `tkt_${'A'.repeat(43)}` };
  const stranger = await ask(museum.app, '/louvre', { headers: authorization(wrong) });
  const ran = museum.ledger.entries.length;
  let answer!: WholeAnswer;
  const queries = await queriesOf(museum, async () => (answer = await ask(museum.app, target, question)));
  expect(answer, target).toEqual(stranger);
  expect(answer.status).toBe(403);
  expect(queries).toEqual([]);
  expect(museum.ledger.entries.length).toBe(ran);
  expect(await museum.row(uuid)).toEqual(row);
}

async function admitted(museum: Museum, uuid: string, target: string, question?: Question): Promise<void> {
  const ran = museum.ledger.count(uuid);
  const answer = await ask(museum.app, target, question);
  expect(Math.floor(answer.status / 100), target).toBe(2);
  expect(museum.ledger.count(uuid)).toBe(ran + 1);
}

/** What a parser could change. */
function describeParsed(open: () => Museum): void {
  it.each([
    ['uuid', (q: CredentialsLike) => `uuid=${q.uuid}&${queryOf(q)}`],
    ['password', (q: CredentialsLike) => `${queryOf(q)}&password=${q.password}`],
    ['a wrong uuid first', (q: CredentialsLike) => `uuid=1&${queryOf(q)}`],
    ['a wrong password last', (q: CredentialsLike) => `${queryOf(q)}&password=1`],
    ['both', (q: CredentialsLike) => `${queryOf(q)}&${queryOf(q)}`],
    ['an encoded name', (q: CredentialsLike) => `${queryOf(q)}&%75uid=${q.uuid}`],
    ['an empty one', (q: CredentialsLike) => `${queryOf(q)}&uuid=`],
    ['one without a value', (q: CredentialsLike) => `${queryOf(q)}&password`],
  ])('[C-1] refuses doubled parameters without a query: %s', async (_, spell) => {
    const credentials = await issue(open());
    for (const method of ['GET', 'POST']) {
      await refused(open(), credentials.uuid, `/louvre?${spell(credentials)}`, { method });
    }
  });

  it('[C-1] refuses a form with doubled fields without a query', async () => {
    const credentials = await issue(open());
    for (const field of ['uuid', 'password'] as const) {
      const body = `${queryOf(credentials)}&${field}=${credentials[field]}`;
      await refused(open(), credentials.uuid, '/reception', { method: 'POST', headers: form, body });
    }
  });

  it('[C-1] refuses credentials in two places at once without a query', async () => {
    const credentials = await issue(open());
    const { uuid } = credentials;
    const headers = authorization(credentials);
    const body = JSON.stringify(credentials).replace('[redacted]', credentials.password);
    await refused(open(), uuid, `/louvre?${queryOf(credentials)}`, { headers });
    await refused(open(), uuid, `/louvre?uuid=${uuid}`, { headers });
    await refused(open(), uuid, '/reception', { method: 'POST', headers: { ...json, ...headers }, body });
    const twice = `/reception?${queryOf(credentials)}`;
    await refused(open(), uuid, twice, { method: 'POST', headers: json, body });
  });

  it.each([
    ['uuid[x]=1', (q: CredentialsLike) => `uuid[x]=${q.uuid}&password=${q.password}`],
    ['uuid[]=1', (q: CredentialsLike) => `uuid[]=${q.uuid}&password=${q.password}`],
    ['uuid[0]=1', (q: CredentialsLike) => `uuid[0]=${q.uuid}&password=${q.password}`],
    ['password[$ne]=1', (q: CredentialsLike) => `uuid=${q.uuid}&password[$ne]=`],
    ['encoded brackets', (q: CredentialsLike) => `uuid%5Bx%5D=${q.uuid}&password=${q.password}`],
    ['nested beside right ones', (q: CredentialsLike) => `${queryOf(q)}&uuid[x]=1`],
    ['before right ones', (q: CredentialsLike) => `password[x][y][z]=1&${queryOf(q)}`],
    ['an open bracket', (q: CredentialsLike) => `${queryOf(q)}&uuid[=1`],
    ['deep nesting', (q: CredentialsLike) => `uuid${'[x]'.repeat(200)}=1&password=${q.password}`],
    ['a prototype', (q: CredentialsLike) => `${queryOf(q)}&uuid[__proto__][x]=1&password[constructor]=1`],
  ])('[C-2] refuses nested parameters: %s', async (_, spell) => {
    const credentials = await issue(open());
    await refused(open(), credentials.uuid, `/louvre?${spell(credentials)}`);
  });

  it.each([
    ['nested alone', (q: CredentialsLike) => `uuid[x]=${q.uuid}&password=${q.password}`],
    ['listed', (q: CredentialsLike) => `uuid[]=${q.uuid}&password=${q.password}`],
    ['nested beside right ones', (q: CredentialsLike) => `${queryOf(q)}&uuid[x]=1`],
    ['nested password beside right ones', (q: CredentialsLike) => `${queryOf(q)}&password[]=1`],
  ])('[C-2] refuses a form with nested fields: %s', async (_, spell) => {
    const credentials = await issue(open());
    const question = { method: 'POST', headers: form, body: spell(credentials) };
    await refused(open(), credentials.uuid, '/reception', question);
  });

  it.each([
    ['objects', { uuid: { x: 1 }, password: { $ne: '' } }],
    ['a list', { uuid: ['UUID'], password: 'PASSWORD' }],
    ['a list that holds the password', { uuid: 'UUID', password: ['PASSWORD'] }],
    ['numbers', { uuid: 1, password: 2 }],
    ['null', { uuid: 'UUID', password: null }],
    ['true', { uuid: true, password: true }],
    ['a TypeORM operator', { uuid: { '@instanceof': 'FindOperator', type: 'not' }, password: 'PASSWORD' }],
    ['nested names beside right ones', { uuid: 'UUID', password: 'PASSWORD', 'uuid[x]': 1 }],
  ])('[C-2] refuses a JSON body with %s for strings', async (_, shown) => {
    const { uuid, password } = await issue(open());
    const body = JSON.stringify(shown).replace('UUID', uuid).replace('PASSWORD', password);
    await refused(open(), uuid, '/reception', { method: 'POST', headers: json, body });
  });

  it('answers 401 to a body that holds no credentials', async () => {
    for (const body of ['{}', '[]', '["uuid"]', '{"user":{"uuid":1}}', '{"__proto__":{"uuid":"1"}}']) {
      const answer = await ask(open().app, '/reception', { method: 'POST', headers: json, body });
      // Fastify itself refuses a __proto__, before any guard.
      expect(answer.status, body).toBe(body.includes('__proto__') && isFastify(open().app) ? 400 : 401);
    }
  });

  it('[C-4] refuses a uuid of 8 kB before any query', async () => {
    const { uuid, password } = await issue(open());
    const long = { uuid: uuid.padEnd(8192, '0'), password };
    await refused(open(), uuid, `/louvre?${queryOf(long)}`);
    await refused(open(), uuid, '/louvre', { headers: authorization(long) });
    const body = JSON.stringify(long);
    await refused(open(), uuid, '/reception', { method: 'POST', headers: json, body });
  });

  it('[C-4] refuses thousands of parameters before any query', async () => {
    const credentials = await issue(open());
    await refused(open(), credentials.uuid, `/louvre?${queryOf(credentials)}${'&a'.repeat(5000)}`);
    await refused(open(), credentials.uuid, `/louvre?${'a&'.repeat(5000)}${queryOf(credentials)}`);
    await refused(open(), credentials.uuid, `/louvre?${'uuid&'.repeat(2000)}${queryOf(credentials)}`);
  });

  it('[C-4] answers a body of more than the platform takes without running anything', async () => {
    const { uuid } = await issue(open());
    const body = JSON.stringify({ uuid, password: JUNK.repeat(5) });
    const question = { method: 'POST', headers: json, body };
    let status = 0;
    const queries = await queriesOf(open(), async () => {
      // The server may hang up on so much before the client has sent it all.
      const answer = await ask(open().app, '/reception', question).catch(() => undefined);
      status = answer?.status ?? 413;
    });
    expect(status).toBe(413);
    expect(queries).toEqual([]);
    expect(open().ledger.count(uuid)).toBe(0);
  });

  it('[C-6] refuses lone surrogates and NUL without a query', async () => {
    const { uuid } = await issue(open());
    await refused(open(), uuid, `/louvre?uuid=${uuid}&password=a%00b`);
    const body = `{"uuid":"${uuid}","password":"a\\ud800b"}`;
    await refused(open(), uuid, '/reception', { method: 'POST', headers: json, body });
  });

  it('[C-8] refuses empty credentials, or one of the two, without a query', async () => {
    const { uuid, password } = await issue(open());
    const halves = [
      'uuid=&password=',
      `uuid=${uuid}&password=`,
      `uuid=&password=${password}`,
      'uuid',
      'password',
    ];
    for (const query of [...halves, `uuid=${uuid}`, `password=${password}`, `uuid&password=${password}`]) {
      await refused(open(), uuid, `/louvre?${query}`);
      await refused(open(), uuid, `/louvre?${query}`, { method: 'POST' });
      await refused(open(), uuid, '/reception', { method: 'POST', headers: form, body: query });
    }
    for (const shown of ['', ' ', ':', uuid, `${uuid}:`, `:${password}`, `${uuid} ${password}`]) {
      await refused(open(), uuid, '/louvre', { headers: { Authorization: `Ticket ${shown}` } });
    }
    await refused(open(), uuid, '/louvre', { headers: { Authorization: 'Ticket' } });
  });
}

/** What no parser could change: it is tried with the platform's own. */
function describeRead(open: () => Museum): void {
  it('[C-1] refuses two Authorization headers without a query', async () => {
    const credentials = await issue(open());
    const right = Object.values(authorization(credentials))[0]!;
    for (const [one, other] of [
      [right, right],
      [right, 'Ticket 1:2'],
      ['Ticket 1:2', right],
    ]) {
      const lines = `Host: x\r\nAuthorization: ${one}\r\nAuthorization: ${other}\r\nConnection: close`;
      let answer = '';
      const queries = await queriesOf(open(), async () => {
        answer = await askRaw(open().app, `GET /louvre HTTP/1.1\r\n${lines}\r\n\r\n`);
      });
      expect(answer).toMatch(/^HTTP\/1\.1 403 [^]*TICKET_INVALID/);
      expect(queries).toEqual([]);
    }
    expect(open().ledger.count(credentials.uuid)).toBe(0);
  });

  it('[C-4] refuses a password over 1024 bytes before any query', async () => {
    const { uuid } = await issue(open());
    for (const password of ['p'.repeat(1025), 'é'.repeat(513)]) {
      await refused(open(), uuid, `/louvre?${queryOf({ uuid, password })}`);
      await refused(open(), uuid, '/louvre', { headers: authorization({ uuid, password }) });
    }
  });

  it.each([
    ['in upper case', (uuid: string) => uuid.toUpperCase()],
    ['without hyphens', (uuid: string) => uuid.replaceAll('-', '')],
    ['in upper case without hyphens', (uuid: string) => uuid.replaceAll('-', '').toUpperCase()],
  ])('[C-5] finds the ticket by a uuid %s', async (_, spell) => {
    const { uuid, password } = await issue(open());
    const credentials = { uuid: spell(uuid), password };
    await admitted(open(), uuid, `/louvre?${queryOf(credentials)}`, { method: 'POST' });
    await admitted(open(), uuid, '/louvre', { headers: authorization(credentials) });
    const body = JSON.stringify(credentials);
    await admitted(open(), uuid, '/reception', { method: 'POST', headers: json, body });
    const Cookie = cookieOf(await ask(open().app, `/louvre?${queryOf(credentials)}`));
    await admitted(open(), uuid, '/louvre', { headers: { Cookie } });
  });

  it.each([
    ['in braces', (uuid: string) => `{${uuid}}`],
    ['as a URN', (uuid: string) => `urn:uuid:${uuid}`],
    ['with a space before', (uuid: string) => ` ${uuid}`],
    ['with a space after', (uuid: string) => `${uuid} `],
    ['with a tab', (uuid: string) => `${uuid}\t`],
    ['with a line break', (uuid: string) => `${uuid}\n`],
    ['with a NUL', (uuid: string) => `${uuid}\0`],
    ['with some hyphens', (uuid: string) => uuid.replace('-', '')],
    ['with hyphens elsewhere', (uuid: string) => `-${uuid.replace('-', '')}`],
    ['in full-width digits', (uuid: string) => uuid.replace('0', '０')],
    ['with a letter that lower-cases to ASCII', (uuid: string) => uuid.replace(/.$/, 'K')],
    ['cut short', (uuid: string) => uuid.slice(0, -1)],
    ['with a wildcard', (uuid: string) => uuid.replace(/.$/, '%')],
  ])('[C-5] refuses a uuid %s', async (_, spell) => {
    const { uuid, password } = await issue(open());
    const credentials = { uuid: spell(uuid), password };
    await refused(open(), uuid, `/louvre?${queryOf(credentials)}`);
    const body = JSON.stringify(credentials);
    await refused(open(), uuid, '/reception', { method: 'POST', headers: json, body });
  });

  it('[C-6] takes a password in either normal form for the same, and nothing else', async () => {
    const { uuid } = await issue(open(), 'Léonard'.normalize('NFC'));
    const decomposed = authorization({ uuid, password: 'Léonard'.normalize('NFD') });
    await admitted(open(), uuid, '/louvre', { headers: decomposed });
    for (const password of ['Leonard', 'léonard', ' Léonard', 'Léonard ', 'Ｌéonard']) {
      const query = queryOf({ uuid, password });
      expect((await ask(open().app, `/louvre?${query}`, { method: 'POST' })).status, password).toBe(403);
      await open().tamper(uuid, { attempts: 0 });
    }
    expect(open().ledger.count(uuid)).toBe(1);
  });

  it('leaves other schemes of Authorization to others', async () => {
    const { uuid, password } = await issue(open());
    for (const scheme of ['Bearer', 'Basic', 'Tickets', 'Ticket-Office', 'xTicket', `Ticket${uuid}`]) {
      const headers = { Authorization: `${scheme} ${uuid}:${password}` };
      expect((await ask(open().app, '/louvre', { headers })).status, scheme).toBe(401);
    }
    expect(open().ledger.count(uuid)).toBe(0);
  });

  it.each(['', 'garbage', 'hmac-sha256$', 'hmac-sha256$AAAAAAAA$x', 'argon2id$AAAAAAAA$$argon2id$v=19$'])(
    '[C-8] refuses everybody where the verifier is "%s"',
    async (verifier) => {
      const { uuid, password } = await issue(open());
      await open().tamper(uuid, { verifier });
      for (const guess of [password, 'I love Paris', verifier || 'x']) {
        const answer = await ask(open().app, '/louvre', {
          headers: authorization({ uuid, password: guess }),
        });
        expect(answer.status).toBe(403);
        expect(answer.body).toContain('TICKET_INVALID');
      }
      expect(open().ledger.count(uuid)).toBe(0);
    },
  );

  it('[C-8] refuses everybody where the verifier has the right key and a garbled digest', async () => {
    for (const credentials of [await issue(open()), await issue(open(), 'I love Paris')]) {
      const { verifier } = (await open().row(credentials.uuid))!;
      for (const garbled of [verifier.slice(0, -5), `${verifier}A`, verifier.slice(0, 25)]) {
        await open().tamper(credentials.uuid, { verifier: garbled });
        const answer = await ask(open().app, '/louvre', { headers: authorization(credentials) });
        expect(answer.status, garbled).toBe(403);
      }
      expect(open().ledger.count(credentials.uuid)).toBe(0);
    }
  });

  it('[C-9] refuses the right uuid without a password', async () => {
    const { uuid } = await issue(open());
    await refused(open(), uuid, `/louvre?uuid=${uuid}`);
    await refused(open(), uuid, '/louvre', { headers: { Authorization: `Ticket ${uuid}` } });
    const body = JSON.stringify({ uuid });
    await refused(open(), uuid, '/reception', { method: 'POST', headers: json, body });
  });

  it.each([undefined, 'I love Paris'])(
    '[C-9] refuses both secrets where a verifier was copied (%s)',
    async (password) => {
      const [one, other] = [await issue(open(), password), await issue(open(), password && 'I love Rome')];
      await open().tamper(one.uuid, { verifier: (await open().row(other.uuid))!.verifier });
      for (const secret of [one.password, other.password]) {
        const headers = authorization({ uuid: one.uuid, password: secret });
        const answer = await ask(open().app, '/louvre', { headers });
        expect(answer.status).toBe(403);
        expect(answer.body).toContain('TICKET_INVALID');
      }
      expect(open().ledger.count(one.uuid)).toBe(0);
      await admitted(open(), other.uuid, '/louvre', { headers: authorization(other) });
    },
  );
}
