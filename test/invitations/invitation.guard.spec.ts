import { All, Controller, Get, Head, Post } from '@nestjs/common';
import { type CredentialsLike, Invitation, InvitationRequired, type Ticket } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { TestClock } from '../support/clock.js';
import { anyDatabase, Ledger, type Museum, startApp, queriesOf, type RawTicket } from '../support/app.js';
import { ask, authorization, cookieOf, queryOf } from './ask.js';

@Controller()
class LouvreController {
  constructor(private readonly ledger: Ledger) {}

  @All('louvre')
  @InvitationRequired('louvre', 'visit')
  visit(@Invitation() ticket: Ticket<{ firstName: string }>) {
    this.ledger.note(ticket.uuid);
    return { welcome: ticket.data.firstName };
  }

  @Post('reception')
  @InvitationRequired('louvre', 'visit', { credentials: ['body'] })
  reception(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return 'received';
  }

  @Get('uffizi')
  @InvitationRequired('uffizi', 'visit')
  elsewhere(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
  }

  @Get('shop')
  @Head('shop')
  @InvitationRequired('louvre', 'purchase')
  otherPurpose(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
  }
}

const STRANGER =
  '{"message":"This link or code is not valid here.","error":"Forbidden","statusCode":403,"errorCode":"TICKET_INVALID"}';
const someoneElses = `tkt_${'A'.repeat(43)}`;

eachAdapter('the guard', (adapter) => {
  const clock = new TestClock();
  let museum: Museum;
  beforeAll(async () => {
    // The cheapest argon2id that is accepted: its cost is not what these tests are about.
    const argon2 = { memoryCost: 7168, timeCost: 5, parallelism: 1 };
    const options = { now: clock.now, argon2, maxAttempts: 2 };
    museum = await startApp(adapter, anyDatabase, { controllers: [LouvreController], options });
  });
  const issue = async (password?: string): Promise<CredentialsLike> => {
    const data = { firstName: 'Léonard' };
    return (await museum.tickets.issue({ place: 'louvre', purpose: 'visit', data, password })).credentials;
  };

  it('answers 401 to a request without credentials, and sends no query', async () => {
    let answer!: Awaited<ReturnType<typeof ask>>;
    const before = museum.ledger.entries.length;
    expect(await queriesOf(museum, async () => (answer = await ask(museum.app, '/louvre')))).toEqual([]);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Ticket');
    expect(JSON.parse(answer.body)).toEqual({
      message: 'A link or a code is needed here.',
      error: 'Unauthorized',
      statusCode: 401,
      errorCode: 'TICKET_MISSING',
    });
    expect(museum.ledger.entries.length).toBe(before);
  });

  it('sends the holder of a link on with a pass, and then admits by the pass, as often as it is shown', async () => {
    const credentials = await issue();
    const untouched = await museum.row(credentials.uuid);
    const link = museum.tickets.url('/louvre?room=6', credentials).replace('http://museum.example', '');
    const redirect = await ask(museum.app, link);
    expect(redirect).toMatchObject({ status: 303, body: '', headers: { location: './louvre?room=6' } });
    expect(redirect.headers['set-cookie']).toHaveLength(1);
    expect(museum.ledger.count(credentials.uuid)).toBe(0);
    const headers = { Cookie: cookieOf(redirect) };
    for (const visit of [1, 2]) {
      const answer = await ask(museum.app, '/louvre?room=6', { headers });
      expect(answer).toMatchObject({ status: 200, body: '{"welcome":"Léonard"}' });
      expect(museum.ledger.count(credentials.uuid)).toBe(visit);
    }
    expect(await museum.row(credentials.uuid)).toEqual(untouched);
  });

  it.each(['Ticket', 'ticket', 'TICKET'])(
    '[C-13] admits in place by the header, scheme %s',
    async (scheme) => {
      const { uuid, password } = await issue();
      const headers = { Authorization: `${scheme} ${uuid}:${password}` };
      const answer = await ask(museum.app, '/louvre', { headers });
      expect(answer).toMatchObject({ status: 200, body: '{"welcome":"Léonard"}' });
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(museum.ledger.count(uuid)).toBe(1);
    },
  );

  it('[C-13] reads a password in the header as UTF-8, colons included', async () => {
    const credentials = await issue('J’aime: le Musée 🖼');
    const answer = await ask(museum.app, '/louvre', { headers: authorization(credentials) });
    expect(answer.status).toBe(200);
    expect(museum.ledger.count(credentials.uuid)).toBe(1);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    '[C-13] admits in place by the query of a %s, without a pass',
    async (method) => {
      const credentials = await issue();
      const answer = await ask(museum.app, `/louvre?${queryOf(credentials)}`, { method });
      expect(Math.floor(answer.status / 100)).toBe(2);
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect(answer.headers).not.toHaveProperty('location');
      expect(museum.ledger.count(credentials.uuid)).toBe(1);
    },
  );

  it('grants no pass to a HEAD', async () => {
    const credentials = await issue();
    const answer = await ask(museum.app, `/louvre?${queryOf(credentials)}`, { method: 'HEAD' });
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(answer.headers).not.toHaveProperty('location');
  });

  const json = { 'Content-Type': 'application/json' };
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  it.each([
    ['JSON', json, JSON.stringify],
    ['form', form, queryOf],
  ])(
    '[C-13] admits by a %s body where that is allowed, and is deaf to it elsewhere',
    async (_, headers, write) => {
      const { uuid, password } = await issue();
      const question = { method: 'POST', headers, body: write({ uuid, password }) };
      const elsewhere = await ask(museum.app, '/louvre', question);
      expect(elsewhere.status).toBe(401);
      expect(museum.ledger.count(uuid)).toBe(0);
      const answer = await ask(museum.app, '/reception', question);
      expect(answer).toMatchObject({ status: 201, body: 'received' });
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect(museum.ledger.count(uuid)).toBe(1);
    },
  );

  it('gives one and the same answer to every stranger', async () => {
    const [{ uuid, password }, other, locked] = [await issue(), await issue(), await issue('I love Paris')];
    for (const guess of ['a', 'b', 'c']) {
      await ask(museum.app, '/louvre', { headers: authorization({ uuid: locked.uuid, password: guess }) });
    }
    const over = { used: await issue(), revoked: await issue() };
    await museum.tamper(over.used.uuid, { usedAt: 1 });
    await museum.tamper(over.revoked.uuid, { revokedAt: 1 });
    const rows = () => Promise.all([uuid, other.uuid, locked.uuid].map((name) => museum.row(name)));
    const [before, entries] = [await rows(), museum.ledger.entries.length];
    const unknown = '01890000-0000-7000-8000-000000000000';
    const shown: Record<string, { uuid: string; password: string }> = {
      'a wrong secret': { uuid, password: someoneElses },
      'the secret of another ticket': { uuid, password: other.password },
      'a human guess at a generated secret': { uuid: other.uuid, password: 'I love Paris' },
      'an unknown ticket': { uuid: unknown, password },
      'an unknown ticket, human password': { uuid: unknown, password: 'I love Paris' },
      'a malformed uuid': { uuid: 'louvre', password },
      'a malformed secret': { uuid, password: password.slice(0, -1) },
      'a locked ticket, right password': locked,
      'a used ticket, wrong secret': { uuid: over.used.uuid, password },
      'a revoked ticket, wrong secret': { uuid: over.revoked.uuid, password },
      SQL: { uuid: `${uuid}' OR '1'='1`, password },
    };
    const reference = await ask(museum.app, '/louvre', {
      headers: authorization({ uuid, password: 'tkt_' }),
    });
    expect(reference).toMatchObject({ status: 403, body: STRANGER });
    for (const [why, credentials] of Object.entries(shown)) {
      const byQuery = await ask(museum.app, `/louvre?${queryOf(credentials)}`);
      const byHeader = await ask(museum.app, '/louvre', { headers: authorization(credentials) });
      expect(byQuery, why).toEqual(reference);
      expect(byHeader, why).toEqual(reference);
    }
    expect(museum.ledger.entries.length).toBe(entries);
    // Guesses at a human's password are counted, and nothing else is written.
    const guessed = (row?: RawTicket) => row && { ...row, attempts: 0 };
    expect((await rows()).map(guessed)).toEqual(before.map(guessed));
  });

  it('refuses a ticket for elsewhere, or for something else, like any stranger', async () => {
    const credentials = await issue();
    const untouched = await museum.row(credentials.uuid);
    const wrong = { uuid: credentials.uuid, password: someoneElses };
    const stranger = await ask(museum.app, `/louvre?${queryOf(wrong)}`);
    for (const door of ['/uffizi', '/shop']) {
      expect(await ask(museum.app, `${door}?${queryOf(credentials)}`)).toEqual(stranger);
      expect(await ask(museum.app, door, { headers: authorization(credentials) })).toEqual(stranger);
    }
    expect(museum.ledger.count(credentials.uuid)).toBe(0);
    expect(await museum.row(credentials.uuid)).toEqual(untouched);
  });

  it.each([
    ['used', { usedAt: 1 }, 'TICKET_USED'],
    ['revoked', { revokedAt: 1 }, 'TICKET_REVOKED'],
    ['expired', { expiresAt: 1 }, 'TICKET_EXPIRED'],
  ])('tells its holder that a ticket is %s', async (_, changes, errorCode) => {
    const credentials = await issue();
    await museum.tamper(credentials.uuid, changes);
    const over = await museum.row(credentials.uuid);
    const answers = [
      await ask(museum.app, `/louvre?${queryOf(credentials)}`),
      await ask(museum.app, '/louvre', { headers: authorization(credentials) }),
    ];
    for (const { status, body, headers } of answers) {
      expect({ status, ...JSON.parse(body) }).toMatchObject({ status: 403, errorCode });
      expect(headers).not.toHaveProperty('set-cookie');
    }
    expect(museum.ledger.count(credentials.uuid)).toBe(0);
    expect(await museum.row(credentials.uuid)).toEqual(over);
  });

  it('[LC-1] admits until the millisecond of expiry', async () => {
    const input = { place: 'louvre', purpose: 'visit', data: { firstName: 'L' }, expiresIn: 1000 } as const;
    const { credentials } = await museum.tickets.issue(input);
    const status = async () =>
      (await ask(museum.app, '/louvre', { headers: authorization(credentials) })).status;
    clock.advance(999);
    expect(await status()).toBe(200);
    clock.advance(1);
    expect(await status()).toBe(403);
    clock.advance(1);
    expect(await status()).toBe(403);
    expect(museum.ledger.count(credentials.uuid)).toBe(1);
  });

  it('[C-10] admits by the pass whatever other parameters there are', async () => {
    const credentials = await issue();
    const headers = { Cookie: cookieOf(await ask(museum.app, `/louvre?${queryOf(credentials)}`)) };
    const targets = ['utm_source=x&page=2', 'UUID=1&Password=2', 'user=1&uuids=2', 'a[uuid]=1', 'uuid.x=1'];
    for (const query of targets) {
      expect((await ask(museum.app, `/louvre?${query}`, { headers })).status, query).toBe(200);
    }
    expect(museum.ledger.count(credentials.uuid)).toBe(targets.length);
  });

  it('[C-11] refuses wrong credentials beside a good pass, and leaves the pass alone', async () => {
    const credentials = await issue();
    const headers = { Cookie: cookieOf(await ask(museum.app, `/louvre?${queryOf(credentials)}`)) };
    const wrong = queryOf({ uuid: credentials.uuid, password: someoneElses });
    const stranger = await ask(museum.app, `/louvre?${wrong}`);
    for (const query of [wrong, `${wrong}&page=2`, 'uuid=&password=', 'uuid[]=1']) {
      const answer = await ask(museum.app, `/louvre?${query}`, { headers });
      expect(answer, query).toEqual(stranger);
    }
    expect(stranger.headers).not.toHaveProperty('set-cookie');
    expect(museum.ledger.count(credentials.uuid)).toBe(0);
    expect((await ask(museum.app, '/louvre', { headers })).status).toBe(200);
  });

  it('[G-4] writes nothing for guesses at a generated secret', async () => {
    const credentials = await issue();
    const untouched = await museum.row(credentials.uuid);
    const headers = authorization({ uuid: credentials.uuid, password: someoneElses });
    const queries = await queriesOf(museum, async () => {
      for (let guess = 0; guess < 20; guess += 1) await ask(museum.app, '/louvre', { headers });
    });
    expect(queries.filter((sql) => !sql.startsWith('SELECT'))).toEqual([]);
    expect(await museum.row(credentials.uuid)).toEqual(untouched);
    expect((await ask(museum.app, '/louvre', { headers: authorization(credentials) })).status).toBe(200);
  });
});

eachAdapter('the guard without passes', (adapter) => {
  it('[S-12] admits by the query in place, with neither cookie nor redirect, and takes no pass', async () => {
    const withPass = await startApp(adapter, anyDatabase, { controllers: [LouvreController] });
    const options = { pass: false } as const;
    const museum = await startApp(adapter, anyDatabase, { controllers: [LouvreController], options });
    const input = { place: 'louvre', purpose: 'visit', data: { firstName: 'Léonard' } };
    const { credentials } = await museum.tickets.issue(input);
    const answer = await ask(museum.app, `/louvre?${queryOf(credentials)}`);
    expect(answer).toMatchObject({ status: 200, body: '{"welcome":"Léonard"}' });
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(answer.headers).not.toHaveProperty('location');
    const foreign = (await withPass.tickets.issue(input)).credentials;
    const Cookie = cookieOf(await ask(withPass.app, `/louvre?${queryOf(foreign)}`));
    expect(Cookie).not.toBe('');
    const asked = async () => {
      const noted = await ask(museum.app, '/louvre', { headers: { Cookie } });
      expect(noted.status).toBe(401);
      expect(noted.headers).not.toHaveProperty('set-cookie');
    };
    expect(await queriesOf(museum, asked)).toEqual([]);
    expect(museum.ledger.entries).toEqual([credentials.uuid]);
  });
});
