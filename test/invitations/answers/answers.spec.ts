import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  type INestApplication,
  InternalServerErrorException,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type CredentialsLike,
  InvitationRequired,
  type PageContext,
  TicketError,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import type { ServerResponse } from 'node:http';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp } from '../../support/app.js';
import { ask, authorization, BROWSER, cookieOf, queryOf, type WholeAnswer } from '../ask.js';

@Controller()
class LouvreController {
  constructor(private readonly ledger: Ledger) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  visit() {
    this.ledger.note('ran');
    return 'Welcome';
  }

  @Get('cellar')
  @InvitationRequired('louvre', 'visit')
  broken() {
    throw new InternalServerErrorException('The cellar is flooded');
  }
}

const controllers = [LouvreController];
const SOME_TIME = Date.UTC(2026, 4, 5, 6, 7, 8, 9);

async function issue(museum: Museum, change = {}): Promise<CredentialsLike> {
  const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
  if (Object.keys(change).length > 0) await museum.tamper(credentials.uuid, change);
  return credentials;
}

/** The guard's refusals, by what a client accepts. */
async function everyRefusal(museum: Museum, accept: Record<string, string>) {
  const used = await issue(museum, { usedAt: 1 });
  const wrong = { uuid: used.uuid, password: 'tkt_' };
  return {
    missing: await ask(museum.app, '/louvre', { headers: accept }),
    stranger: await ask(museum.app, `/louvre?${queryOf(wrong)}`, { headers: accept }),
    used: await ask(museum.app, `/louvre?${queryOf(used)}`, { headers: accept }),
  };
}

/** One answer of each kind that the guard gives, by what a client accepts. */
async function everyAnswer(museum: Museum, accept: Record<string, string>) {
  const credentials = await issue(museum);
  const redirect = await ask(museum.app, `/louvre?${queryOf(credentials)}`, { headers: accept });
  const headers = { ...accept, Cookie: cookieOf(redirect) };
  return {
    ...(await everyRefusal(museum, accept)),
    redirect,
    admitted: await ask(museum.app, '/louvre', { headers }),
    'admitted by header': await ask(museum.app, '/louvre', {
      headers: { ...accept, ...authorization(credentials) },
    }),
    failed: await ask(museum.app, '/cellar', { headers }),
    unredirectable: await ask(museum.app, `http://evil.example/louvre?${queryOf(credentials)}`, {
      headers: accept,
    }),
  };
}

const statuses = (answers: Record<string, WholeAnswer>) =>
  Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]));

const EXPECTED = {
  missing: 401,
  redirect: 303,
  stranger: 403,
  used: 403,
  admitted: 200,
  'admitted by header': 200,
  failed: 500,
  unredirectable: 400,
};

eachAdapter('an answer of the guard', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers });
  });

  it.each([BROWSER.Accept, 'application/json'])(
    '[L-4] [L-7] is kept out of caches and Referer (%s)',
    async (Accept) => {
      const answers = await everyAnswer(museum, { Accept });
      expect(statuses(answers)).toEqual(EXPECTED);
      for (const [name, { headers }] of Object.entries(answers)) {
        expect(headers['cache-control'], name).toBe('no-store');
        const isShown = ['admitted', 'admitted by header', 'failed'].includes(name);
        expect(headers['referrer-policy'], name).toBe(isShown ? 'same-origin' : 'no-referrer');
      }
    },
  );

  it.each([
    ['a browser', BROWSER.Accept],
    ['text/html', 'text/html'],
    ['html before json', 'application/json;q=0.5, text/html'],
    ['any text', 'text/*'],
    ['html in a character set', 'text/html;charset=utf-8'],
    ['html of a version', 'text/html;v=2, application/json;q=0.9'],
    ['html with a quality of its own', 'application/json;q=0.5, text/html;level=1;q=0.7'],
  ])('is a page for %s', async (_, Accept) => {
    const { missing, stranger, used } = await everyRefusal(museum, { Accept });
    for (const [answer, message] of [
      [missing, 'A link or a code is needed here.'],
      [stranger, 'This link or code is not valid here.'],
      [used, 'This link or code has already been used.'],
    ] as const) {
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.body).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(answer.body).toContain(message);
      expect(answer.headers['x-robots-tag']).toBe('noindex');
      const policy = String(answer.headers['content-security-policy']);
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; /);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
    }
    expect(missing.headers['www-authenticate']).toBe('Ticket');
  });

  it.each([
    ['anything', { Accept: '*/*' }],
    ['nothing', {}],
    ['json', { Accept: 'application/json' }],
    ['json before html', { Accept: 'text/html;q=0.5, application/json' }],
    ['anything but html', { Accept: 'text/html;q=0, */*' }],
    ['any application', { Accept: 'application/*, text/html;q=0.5' }],
    ['json of a version', { Accept: 'application/json;v=2, text/html;q=0.5' }],
    ['something else', { Accept: 'image/png' }],
    ['nonsense', { Accept: ';;,=/' }],
    ['an empty text', { Accept: '' }],
  ])('is JSON for a client that accepts %s', async (_, accept) => {
    const { missing, stranger, used } = await everyRefusal(museum, accept);
    for (const [answer, errorCode, told] of [
      [missing, 'TICKET_MISSING', {}],
      [stranger, 'TICKET_INVALID', {}],
      [used, 'TICKET_USED', { usedAt: '1970-01-01T00:00:00.001Z' }],
    ] as const) {
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      const { message, error, ...rest } = JSON.parse(answer.body);
      expect(rest).toEqual({ statusCode: answer.status, errorCode, ...told });
      expect([typeof message, typeof error]).toEqual(['string', 'string']);
    }
  });

  it.each([
    ['used', { usedAt: SOME_TIME }, 'TICKET_USED', 'usedAt', 'all went well'],
    ['expired', { expiresAt: SOME_TIME }, 'TICKET_EXPIRED', 'expiresAt', 'If you still need it'],
    ['revoked', { revokedAt: SOME_TIME }, 'TICKET_REVOKED', 'revokedAt', 'ask for another one'],
  ] as const)(
    'tells the holder of a ticket that is %s when, and nobody else',
    async (_, change, errorCode, name, hint) => {
      const credentials = await issue(museum, change);
      const target = `/louvre?${queryOf(credentials)}`;
      const json = await ask(museum.app, target);
      expect(JSON.parse(json.body)).toMatchObject({
        statusCode: 403,
        errorCode,
        [name]: '2026-05-05T06:07:08.009Z',
      });
      const { body } = await ask(museum.app, target, { headers: BROWSER });
      expect(body).toContain('<time datetime="2026-05-05T06:07:08.009Z">5 May 2026 at 06:07 UTC</time>');
      expect(body).toContain(hint);
      const wrong = queryOf({ ...credentials, password: `tkt_${'A'.repeat(43)}` });
      expect(JSON.parse((await ask(museum.app, `/louvre?${wrong}`)).body)).not.toHaveProperty(name);
    },
  );

  it('is one and the same page for every stranger', async () => {
    const credentials = await issue(museum);
    const headers = BROWSER;
    const shown = [
      { uuid: credentials.uuid, password: `tkt_${'A'.repeat(43)}` },
      { password: credentials.password, uuid: '01890000-0000-7000-8000-000000000000' },
      { password: credentials.password, uuid: '<script>alert(1)</script>' },
      { uuid: credentials.uuid, password: '<script>alert(1)</script>'.repeat(50) },
    ];
    const answers = [];
    for (const wrong of shown) answers.push(await ask(museum.app, `/louvre?${queryOf(wrong)}`, { headers }));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]!.body).not.toMatch(/<script|evil/);
  });
});

eachAdapter('an answer of the guard, pages off,', (adapter) => {
  it('is JSON for a browser too', async () => {
    const options = { pages: false } as const;
    const museum = await startApp(adapter, anyDatabase, { controllers, options });
    const { missing, stranger } = await everyRefusal(museum, BROWSER);
    expect(JSON.parse(missing.body)).toMatchObject({ statusCode: 401, errorCode: 'TICKET_MISSING' });
    expect(JSON.parse(stranger.body)).toMatchObject({ statusCode: 403, errorCode: 'TICKET_INVALID' });
  });
});

eachAdapter("an answer of the guard with the app's pages", (adapter) => {
  it('is the page that the app renders, under a policy without scripts', async () => {
    const seen: PageContext[] = [];
    const pages = {
      unauthorized: (page: PageContext) => (seen.push(page), `<p>401 ${page.code}</p>`),
      forbidden: async (page: PageContext) => (seen.push(page), `<p>403 ${page.code}</p>`),
    };
    const museum = await startApp(adapter, anyDatabase, { controllers, options: { pages } });
    const { missing, stranger, used } = await everyRefusal(museum, BROWSER);
    expect(missing).toMatchObject({ status: 401, body: '<p>401 TICKET_MISSING</p>' });
    expect(stranger).toMatchObject({ status: 403, body: '<p>403 TICKET_INVALID</p>' });
    expect(used).toMatchObject({ status: 403, body: '<p>403 TICKET_USED</p>' });
    expect(seen[0]).toEqual({
      status: 401,
      code: 'TICKET_MISSING',
      message: 'A link or a code is needed here.',
      place: 'louvre',
      purpose: 'visit',
      language: 'en',
    });
    expect(seen[2]).toMatchObject({ code: 'TICKET_USED', instant: new Date(1) });
    for (const { headers } of [missing, stranger, used]) {
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('script-src');
      expect(headers['x-robots-tag']).toBe('noindex');
    }
  });

  it('is the built-in page where the app has none', async () => {
    const pages = { unauthorized: () => '<p>mine</p>' };
    const museum = await startApp(adapter, anyDatabase, { controllers, options: { pages } });
    const { missing, stranger } = await everyRefusal(museum, BROWSER);
    expect(missing.body).toBe('<p>mine</p>');
    expect(stranger.body).toContain('<h1>Not valid here</h1>');
  });

  it('is the built-in page, and still a refusal, when the app cannot render', async () => {
    const pages = {
      unauthorized: () => {
        throw new Error('no template');
      },
      forbidden: () => undefined as never,
    };
    const museum = await startApp(adapter, anyDatabase, { controllers, options: { pages } });
    const { missing, stranger } = await everyRefusal(museum, BROWSER);
    expect(missing).toMatchObject({ status: 401, body: expect.stringMatching(/^<!doctype html>/) });
    expect(stranger).toMatchObject({ status: 403, body: expect.stringMatching(/^<!doctype html>/) });
    expect(missing.headers['www-authenticate']).toBe('Ticket');
  });
});

@Catch(HttpException)
class HouseFilter implements ExceptionFilter<HttpException> {
  static readonly seen: HttpException[] = [];
  constructor(private readonly host: HttpAdapterHost) {}

  catch(exception: HttpException, host: ArgumentsHost) {
    HouseFilter.seen.push(exception);
    const response: unknown = host.switchToHttp().getResponse();
    // Nest 11 has no type for it.
    const { errorCode: code } = exception as { errorCode?: string };
    const body = { house: 'Louvre', code, body: exception.getResponse() };
    this.host.httpAdapter.reply(response, body, exception.getStatus());
  }
}

eachAdapter('an answer of the guard in an app with filters of its own', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    const before = (app: INestApplication) => app.useGlobalFilters(new HouseFilter(app.get(HttpAdapterHost)));
    museum = await startApp(adapter, anyDatabase, { controllers, before });
  });

  it('comes to them as an ordinary HttpException with an errorCode and a cause', async () => {
    HouseFilter.seen.length = 0;
    const { missing, stranger, used } = await everyRefusal(museum, { Accept: 'application/json' });
    for (const [{ body, headers }, statusCode, errorCode] of [
      [missing, 401, 'TICKET_MISSING'],
      [stranger, 403, 'TICKET_INVALID'],
      [used, 403, 'TICKET_USED'],
    ] as const) {
      const expected = { house: 'Louvre', code: errorCode, body: { statusCode, errorCode } };
      expect(JSON.parse(body)).toMatchObject(expected);
      expect(headers['cache-control']).toBe('no-store');
    }
    expect(missing.headers['www-authenticate']).toBe('Ticket');
    const causes = HouseFilter.seen.map(({ cause }) => cause).filter((cause) => cause instanceof TicketError);
    expect(causes.map(({ code }) => code)).toEqual(['TICKET_MISSING', 'TICKET_INVALID', 'TICKET_USED']);
    expect(causes[2]).toBeInstanceOf(TicketUsedError);
  });

  it('leaves pages and redirects to the library', async () => {
    HouseFilter.seen.length = 0;
    const { missing, redirect } = await everyAnswer(museum, BROWSER);
    expect(missing.body).toMatch(/^<!doctype html>/);
    expect(redirect).toMatchObject({ status: 303, body: '', headers: { location: './louvre' } });
    expect(HouseFilter.seen.map((exception) => exception.getStatus())).toEqual([500, 400]);
  });
});

eachAdapter("an answer of the guard after the app's own headers", (adapter) => {
  const OWN = "object-src 'none'";
  const middleware = (_: unknown, response: ServerResponse, next: () => void) => {
    response.setHeader('X-House', 'Louvre');
    response.setHeader('Set-Cookie', ['theme=dark', 'lang=fr']);
    response.setHeader('Content-Security-Policy', OWN);
    response.setHeader('Vary', 'Origin');
    next();
  };

  async function keepsHeaders(before: (app: INestApplication) => unknown) {
    const museum = await startApp(adapter, anyDatabase, { controllers, before });
    const answers = await everyAnswer(museum, BROWSER);
    expect(statuses(answers)).toEqual(EXPECTED);
    for (const [name, { headers }] of Object.entries(answers)) {
      expect(headers['x-house'], name).toBe('Louvre');
      expect(headers['vary'], name).toContain('Origin');
      expect(headers['set-cookie']?.slice(0, 2), name).toEqual(['theme=dark', 'lang=fr']);
      expect(headers['content-security-policy'], name).toContain(OWN);
      expect(headers['cache-control'], name).toBe('no-store');
    }
    expect(answers.redirect.headers['set-cookie']).toHaveLength(3);
    expect(answers.admitted.headers['set-cookie']).toHaveLength(2);
    expect(answers.missing.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  }

  it('has them all, those of a middleware', () => keepsHeaders((app) => app.use(middleware)));

  if (adapter.name === 'Fastify') {
    it('has them all, those of a Fastify hook', () =>
      keepsHeaders((app) => {
        const fastify = (app as NestFastifyApplication).getHttpAdapter().getInstance();
        fastify.addHook('onRequest', async (_, reply) => {
          const headers = { 'X-House': 'Louvre', 'Content-Security-Policy': OWN, Vary: 'Origin' };
          void reply.headers({ ...headers, 'Set-Cookie': ['theme=dark', 'lang=fr'] });
        });
      }));
  }
});
