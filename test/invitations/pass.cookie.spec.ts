import { Controller, Get, type INestApplication, UseInterceptors } from '@nestjs/common';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  type CredentialsLike,
  Invitation,
  InvitationRequired,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter, type TestAdapter } from '../support/apps.js';
import { TestClock } from '../support/clock.js';
import { eachDatabase } from '../support/databases.js';
import { lostFaults, spoil } from '../support/driver-faults.js';
import {
  anyDatabase,
  Ledger,
  type Museum,
  openMuseum,
  queriesOf,
  type RawTicket,
} from '../support/museum.js';
import { ask, cookieOf, queryOf, type WholeAnswer } from './ask.js';

@Controller()
class GrandTourController {
  constructor(private readonly ledger: Ledger) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return ticket.uuid;
  }

  @Get('once')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  once(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return ticket.uuid;
  }

  @Get('shop')
  @InvitationRequired('louvre', 'purchase')
  shop(@Invitation() ticket: Ticket) {
    return ticket.uuid;
  }

  @Get('Louvre')
  @InvitationRequired('Louvre', 'visit')
  inCapitals() {}

  @Get('louvre-padded')
  @InvitationRequired('louvre ', 'visit')
  padded() {}

  @Get('abc1')
  @InvitationRequired('a', 'b:c')
  left() {}

  @Get('abc2')
  @InvitationRequired('a:b', 'c')
  right() {}
}

const controllers = [GrandTourController];

async function issue({ tickets }: Museum, input: object = {}): Promise<CredentialsLike> {
  return (await tickets.issue({ place: 'louvre', purpose: 'visit', ...input })).credentials;
}

/** Opens a link, and hands back the cookies that the browser then has. */
async function passOf(museum: Museum, credentials: CredentialsLike, path = '/louvre'): Promise<string> {
  const answer = await ask(museum.app, `${path}?${queryOf(credentials)}`);
  expect(answer.status).toBe(303);
  return cookieOf(answer);
}

const withCookie = (museum: Museum, Cookie: string, path = '/louvre'): Promise<WholeAnswer> =>
  ask(museum.app, path, { headers: { Cookie } });

const setCookie = ({ headers }: WholeAnswer): string | undefined => headers['set-cookie']?.join('\n');

eachAdapter('a pass in a cookie', (adapter) => {
  const clock = new TestClock();
  let museum: Museum;
  beforeAll(async () => {
    museum = await openMuseum(adapter, anyDatabase, { controllers, options: { now: clock.now } });
  });

  it('[S-8] is one exact header on http', async () => {
    const answer = await ask(museum.app, `/louvre?${queryOf(await issue(museum))}`);
    expect(setCookie(answer)).toMatch(
      /^ticket-office-[\w-]{16}=[\w.-]{100,110}; Max-Age=900; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it('[S-2] [S-8] ends with the ticket, where that ends sooner', async () => {
    const credentials = await issue(museum, { expiresIn: '1m' });
    const answer = await ask(museum.app, `/louvre?${queryOf(credentials)}`);
    expect(setCookie(answer)).toContain('; Max-Age=60;');
    clock.advance(60_000 - 1);
    expect((await withCookie(museum, cookieOf(answer))).status).toBe(200);
    clock.advance(1);
    const late = await withCookie(museum, cookieOf(answer));
    expect([401, 403]).toContain(late.status);
    expect(museum.ledger.count(credentials.uuid)).toBe(1);
  });

  it('[S-2] is as if absent past its time', async () => {
    const credentials = await issue(museum);
    const Cookie = await passOf(museum, credentials);
    clock.advance('15m');
    const nothing = await ask(museum.app, '/louvre');
    const queries = await queriesOf(museum, async () =>
      expect(await withCookie(museum, Cookie)).toEqual(nothing),
    );
    expect(queries).toEqual([]);
    expect(museum.ledger.count(credentials.uuid)).toBe(0);
    // The link itself is still good.
    expect((await withCookie(museum, await passOf(museum, credentials))).status).toBe(200);
  });

  it('[S-1] is as if absent when forged, truncated, altered or re-encoded, and costs no query', async () => {
    const credentials = await issue(museum);
    const [name, text] = (await passOf(museum, credentials)).split('=') as [string, string];
    const nothing = await ask(museum.app, '/louvre');
    expect(nothing.status).toBe(401);
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
      let answer!: WholeAnswer;
      const queries = await queriesOf(
        museum,
        async () => (answer = await withCookie(museum, `${name}=${shown}`)),
      );
      if (answer.status !== 401) accepted.push(how);
      else expect({ answer, queries }, how).toEqual({ answer: nothing, queries: [] });
    }
    expect(accepted).toEqual([]);
    expect((await withCookie(museum, `${name}=${text}`)).status).toBe(200);
  });

  it('[S-3] never admits under the cookie of another place or purpose', async () => {
    const doors = [
      ['/louvre', 'louvre', 'visit'],
      ['/shop', 'louvre', 'purchase'],
      ['/Louvre', 'Louvre', 'visit'],
      ['/louvre-padded', 'louvre ', 'visit'],
      ['/abc1', 'a', 'b:c'],
      ['/abc2', 'a:b', 'c'],
    ] as const;
    const passes = [];
    for (const [path, place, purpose] of doors) {
      if (path === '/Louvre' && adapter.name === 'Express') continue; // routes know no case there
      const cookie = await passOf(museum, await issue(museum, { place, purpose }), path);
      const [name, text] = cookie.split('=') as [string, string];
      passes.push({ path, name, text });
    }
    expect(new Set(passes.map(({ name }) => name)).size).toBe(passes.length);
    for (const here of passes) {
      for (const there of passes.filter((other) => other !== here)) {
        expect((await withCookie(museum, `${there.name}=${there.text}`, here.path)).status).toBe(401);
        expect((await withCookie(museum, `${here.name}=${there.text}`, here.path)).status).toBe(401);
      }
      expect((await withCookie(museum, `${here.name}=${here.text}`, here.path)).status).toBe(200);
    }
  });

  it('lives beside the passes for other places and purposes, and other cookies', async () => {
    const visit = await issue(museum);
    const purchase = await issue(museum, { purpose: 'purchase' });
    const cookies = [
      'theme=dark',
      await passOf(museum, visit),
      await passOf(museum, purchase, '/shop'),
      'a=%',
    ];
    expect(await withCookie(museum, cookies.join('; '))).toMatchObject({ status: 200, body: visit.uuid });
    const shopping = await withCookie(museum, cookies.toReversed().join('; '), '/shop');
    expect(shopping).toMatchObject({ status: 200, body: purchase.uuid });
  });

  it('gives way to the pass of a second link for the same place and purpose', async () => {
    const [first, second] = [await issue(museum), await issue(museum)];
    const Cookie = await passOf(museum, first);
    const headers = { Cookie };
    const answer = await ask(museum.app, `/louvre?${queryOf(second)}`, { headers });
    expect(answer.status).toBe(303);
    const [oldName, newName] = [Cookie, cookieOf(answer)].map((cookie) => cookie.split('=')[0]);
    expect(newName).toBe(oldName);
    expect(await withCookie(museum, cookieOf(answer))).toMatchObject({ status: 200, body: second.uuid });
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
  let museum: Museum;
  beforeAll(async () => {
    museum = await openMuseum({ name, create: behindProxy[name] }, anyDatabase, {
      controllers,
      before: trust,
    });
  });

  it('[S-8] is one exact header', async () => {
    const answer = await ask(museum.app, `/louvre?${queryOf(await issue(museum))}`, { headers: https });
    expect(setCookie(answer)).toMatch(
      /^__Host-ticket-office-[\w-]{16}=[\w.-]{100,110}; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
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
    await museum.tickets.revoke(credentials.uuid);
    const headers = { ...https, Cookie: cookieOf(opened) };
    expect(setCookie(await ask(museum.app, '/louvre', { headers }))).toMatch(
      /^__Host-ticket-office-[\w-]{16}=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });
});

eachDatabase('a pass whose ticket is over', (database) => {
  eachAdapter('is cleared', (adapter) => {
    let museum: Museum;
    beforeAll(async () => {
      museum = await openMuseum(adapter, database, { controllers });
    });

    const changes: [string, Partial<RawTicket>, number, string][] = [
      ['used', { usedAt: 1 }, 403, 'TICKET_USED'],
      ['revoked', { revokedAt: 1 }, 403, 'TICKET_REVOKED'],
      ['expired early', { expiresAt: 1 }, 403, 'TICKET_EXPIRED'],
      ['reissued', { generation: 2 }, 401, 'TICKET_MISSING'],
    ];
    it.each(changes)('[S-12] when %s', async (_, change, status, errorCode) => {
      const credentials = await issue(museum);
      const Cookie = await passOf(museum, credentials);
      await museum.tamper(credentials.uuid, change);
      const row = await museum.row(credentials.uuid);
      for (const path of ['/louvre', '/once']) {
        const answer = await withCookie(museum, Cookie, path);
        expect({ status: answer.status, ...JSON.parse(answer.body) }).toMatchObject({ status, errorCode });
        const name = Cookie.split('=')[0];
        expect(setCookie(answer)).toBe(`${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`);
      }
      expect(museum.ledger.count(credentials.uuid)).toBe(0);
      expect(await museum.row(credentials.uuid)).toEqual(row);
    });

    it('[S-12] when deleted', async () => {
      const credentials = await issue(museum);
      const Cookie = await passOf(museum, credentials);
      await museum.dataSource.query(`DELETE FROM ticket_office_ticket WHERE uuid = '${credentials.uuid}'`);
      const answer = await withCookie(museum, Cookie);
      expect(answer.status).toBe(401);
      expect(setCookie(answer)).toContain('=; Max-Age=0;');
      expect(museum.ledger.count(credentials.uuid)).toBe(0);
    });

    it('[S-12] by use: the handler ran once, and the next visit is told so', async () => {
      const credentials = await issue(museum);
      const Cookie = await passOf(museum, credentials, '/once');
      expect((await withCookie(museum, Cookie, '/once')).status).toBe(200);
      const { usedAt } = (await museum.row(credentials.uuid))!;
      expect(usedAt).not.toBeNull();
      const again = await withCookie(museum, Cookie, '/once');
      expect({ status: again.status, ...JSON.parse(again.body) }).toMatchObject({
        status: 403,
        errorCode: 'TICKET_USED',
      });
      expect(setCookie(again)).toContain('=; Max-Age=0;');
      expect(museum.ledger.count(credentials.uuid)).toBe(1);
      expect((await museum.row(credentials.uuid))!.usedAt).toBe(usedAt);
    });

    it('[S-12] never for a database that cannot be read for a moment', async () => {
      const credentials = await issue(museum);
      const Cookie = await passOf(museum, credentials);
      // PostgreSQL's on every database: others may be waited for for seconds.
      const make = lostFaults.postgres['reset connection']!;
      spoil(museum.dataSource, (sql) => /^SELECT/i.test(sql), make, { times: 4 });
      const answer = await withCookie(museum, Cookie);
      expect({ status: answer.status, ...JSON.parse(answer.body) }).toMatchObject({
        status: 503,
        errorCode: 'TICKET_OFFICE_BUSY',
      });
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect(await withCookie(museum, Cookie)).toMatchObject({ status: 200, body: credentials.uuid });
      expect(museum.ledger.count(credentials.uuid)).toBe(1);
    });

    it('[S-12] never for a fault of the app', async () => {
      const credentials = await issue(museum);
      const Cookie = await passOf(museum, credentials);
      const make = () => new Error('no such column');
      spoil(museum.dataSource, (sql) => /^SELECT/i.test(sql), make, { times: 1 });
      const answer = await withCookie(museum, Cookie);
      expect(answer.status).toBe(500);
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect((await withCookie(museum, Cookie)).status).toBe(200);
    });

    it('[S-11] and lives on while the secret that signed it is known', async () => {
      const [old, next] = [
        'the first secret of the museum: 32 and more',
        'the second secret: 32 characters or more',
      ];
      const open = async (secret: string[]) =>
        openMuseum(adapter, database, { controllers, options: { secret } });
      const before = await open([old]);
      const credentials = await issue(before);
      const Cookie = await passOf(before, credentials);
      const rotated = await open([next, old]);
      expect((await withCookie(rotated, Cookie)).status).toBe(200);
      const renewed = await passOf(rotated, credentials);
      const removed = await open([next]);
      expect((await withCookie(removed, Cookie)).status).toBe(401);
      expect((await ask(removed.app, `/louvre?${queryOf(credentials)}`)).status).toBe(403);
      // The pass was signed anew: it outlives the secret that the ticket itself was made under.
      expect((await withCookie(removed, renewed)).status).toBe(200);
    });
  });
});
