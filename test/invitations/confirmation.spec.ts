import {
  All,
  Controller,
  Get,
  type INestApplication,
  Post,
  Query,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import {
  type ConfirmPageContext,
  type CredentialsLike,
  Invitation,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  type Ticket,
  type TicketOfficeOptions,
  TicketService,
} from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter, type TestAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp } from '../support/app.js';
import { ask, authorization, BROWSER, cookieOf, follow, queryOf } from './ask.js';
import { formOf } from './page.form.js';
import type { Reply } from '../support/reply.js';

@Controller()
class LouvreController {
  constructor(private readonly ledger: Ledger) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: Ticket, @Query() query: object) {
    this.ledger.note(ticket.uuid);
    return { query: Object.entries(query) };
  }

  @Post('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  buy(@Invitation() ticket: Ticket, @Res({ passthrough: true }) reply: Reply) {
    reply.status(200);
    this.ledger.note(ticket.uuid);
  }

  @Get('vault')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  vault(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
  }

  @Get('gate')
  @InvitationRequired('louvre', 'visit', { confirm: false })
  @UseInterceptors(StampInvitation)
  gate(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
  }

  @Get('crypt')
  @InvitationRequired('louvre', 'visit', { confirm: true })
  @UseInterceptors(StampInvitation)
  crypt(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
  }
}

const SCRIPT = `"><script>alert(1)</script>'&`;

/** What a developer may have taken from somewhere else. */
@Controller('trap')
class TrapController {
  @Get()
  @InvitationRequired(SCRIPT, SCRIPT)
  @UseInterceptors(StampInvitation)
  visit() {}
}

@Controller()
class GardenController {
  constructor(private readonly ledger: Ledger) {}

  @Get('garden')
  @InvitationRequired('louvre', 'visit')
  unstamped(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
  }
}

@Controller('tower')
class TowerController {
  constructor(
    private readonly ledger: Ledger,
    private readonly tickets: TicketService,
  ) {}

  @All()
  @InvitationRequired('louvre', 'visit', { confirm: true })
  async byHand(@Invitation() ticket: Ticket) {
    await (await this.tickets.claim(ticket)).stamp();
    this.ledger.note(ticket.uuid);
  }
}

@Controller('palace')
@InvitationRequired('louvre', 'visit')
@UseInterceptors(StampInvitation)
class PalaceController {
  constructor(private readonly ledger: Ledger) {}

  @Get()
  @InvitationRequired('louvre', 'visit')
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
  }
}

const controllers = [LouvreController, GardenController, PalaceController, TowerController, TrapController];

const open = (adapter: TestAdapter, options: Partial<TicketOfficeOptions> = {}) =>
  startApp(adapter, anyDatabase, { controllers, options });

/** A guest who has opened the link, and what the browser keeps of it. */
async function guestOf(museum: Museum, path = '/louvre', data: object = {}) {
  const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit', data });
  return arrive(museum, credentials, path);
}

async function arrive(museum: Museum, credentials: CredentialsLike, path: string) {
  const link = `${path}${path.includes('?') ? '&' : '?'}${queryOf(credentials)}`;
  const opened = await ask(museum.app, link, { headers: BROWSER });
  const before = await museum.row(credentials.uuid);
  const cookie = { Cookie: cookieOf(opened) };
  return {
    ...credentials,
    location: follow(link, opened.headers.location!),
    browse: (target: string, headers: Record<string, string> = {}, method = 'GET') =>
      ask(museum.app, target, { method, headers: { ...BROWSER, ...cookie, ...headers } }),
    ran: () => museum.ledger.count(credentials.uuid),
    expectUntouched: async () => {
      expect(museum.ledger.count(credentials.uuid)).toBe(0);
      expect(await museum.row(credentials.uuid)).toEqual(before);
    },
  };
}

eachAdapter('The confirm page', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await open(adapter);
  });

  it.each(['/louvre', '/vault', '/palace', '/tower'])(
    '[L-5] is all that a browser gets of %s, however often, until the button is pressed',
    async (path) => {
      const guest = await guestOf(museum, path);
      expect(guest.location).toBe(path);
      for (const _ of [1, 2]) {
        const page = await guest.browse(guest.location);
        expect(page.status).toBe(200);
        expect(formOf(page.body, path)).toMatchObject({ action: undefined, buttons: 1 });
      }
      await guest.expectUntouched();
      const { target } = formOf((await guest.browse(guest.location)).body, guest.location);
      expect((await guest.browse(target)).status).toBe(200);
      expect(guest.ran()).toBe(1);
      const again = await guest.browse(target);
      expect(again.status).toBe(403);
      expect(again.body).toContain('already been used');
      expect(guest.ran()).toBe(1);
    },
  );

  it('[L-4] [L-7] is private, and has neither script nor any other way out', async () => {
    const guest = await guestOf(museum);
    const { headers, body } = await guest.browse('/louvre');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-robots-tag': 'noindex',
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers['set-cookie']).toBeUndefined();
    expect(body).not.toMatch(/<script|http-equiv|<a |<link|<img|javascript:/);
    expect(body).not.toContain(guest.password);
    // As the ticket's name, which is no secret.
    expect(body.split(guest.uuid)).toHaveLength(2);
  });

  it('[L-2] [C-10] keeps the other parameters, in order, and the handler sees those alone', async () => {
    const query = 'utm_source=x&page=2&page=3&empty=&q=a%20b+c&%C3%A9=%26';
    const guest = await guestOf(museum, `/louvre?${query}`);
    const form = formOf((await guest.browse(guest.location)).body, guest.location);
    const own = [...new URLSearchParams(query)];
    expect(form.fields.slice(0, -2)).toEqual(own);
    expect(form.fields.at(-2)).toEqual(['ticket-uuid', guest.uuid]);
    expect(form.fields.at(-1)![0]).toBe('ticket-confirmation');
    const { query: seen } = JSON.parse((await guest.browse(form.target)).body) as {
      query: [string, unknown][];
    };
    expect(seen).toEqual([
      ['utm_source', 'x'],
      ['page', ['2', '3']],
      ['empty', ''],
      ['q', 'a b c'],
      ['é', '&'],
    ]);
  });

  it('is shown for any confirmation but that of the pass: a link can contain none', async () => {
    const [guest, other] = [await guestOf(museum), await guestOf(museum)];
    const own = formOf((await guest.browse('/louvre')).body, '/louvre').target;
    const foreign = formOf((await other.browse('/louvre')).body, '/louvre').target.replace(
      other.uuid,
      guest.uuid,
    );
    const token = new URL(own, 'http://museum.example').searchParams.get('ticket-confirmation')!;
    for (const target of [
      foreign,
      '/louvre?ticket-confirmation=',
      '/louvre?ticket-confirmation=true',
      `/louvre?ticket-confirmation=${token.slice(0, -1)}`,
      `/louvre?ticket-confirmation[]=${token}`,
      `${own}&ticket-confirmation=${token}`,
    ]) {
      const page = await guest.browse(target);
      expect(page.status, target).toBe(200);
      const names = formOf(page.body, target).fields.map(([name]) => name);
      expect(
        names.filter((name) => name === 'ticket-confirmation'),
        target,
      ).toHaveLength(1);
      expect(formOf(page.body, target).target, target).toContain(own.split('?')[1]);
    }
    await guest.expectUntouched();
    const stranger = await ask(museum.app, own, { headers: BROWSER });
    expect(stranger.status).toBe(401);
  });

  it('stays good in another tab, and after the link was opened again, in this browser', async () => {
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const first = await arrive(museum, credentials, '/louvre');
    const { target } = formOf((await first.browse('/louvre')).body, '/louvre');
    const again = await first.browse(`/louvre?${queryOf(credentials)}`);
    const Cookie = cookieOf(again);
    expect(again.status).toBe(303);
    const stranger = await arrive(museum, credentials, '/louvre');
    expect(formOf((await stranger.browse(target)).body, target).buttons).toBe(1);
    await first.expectUntouched();
    expect((await first.browse(target, { Cookie })).status).toBe(200);
    expect(first.ran()).toBe(1);
  });

  it('is another for another secret of the same ticket', async () => {
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const first = await arrive(museum, credentials, '/louvre');
    const { target } = formOf((await first.browse('/louvre')).body, '/louvre');
    const reissued = await museum.tickets.reissue(credentials.uuid);
    const again = await first.browse(`/louvre?${queryOf(reissued.credentials)}`);
    const page = await first.browse(target, { Cookie: cookieOf(again) });
    expect(formOf(page.body, '/louvre').target).not.toBe(target);
    expect(first.ran()).toBe(0);
  });

  it('is not for programs, which the handler serves at once', async () => {
    for (const Accept of ['application/json', '*/*', 'text/html;q=0, */*', '']) {
      const guest = await guestOf(museum);
      expect((await guest.browse('/louvre', { Accept })).status, Accept).toBe(200);
      expect(guest.ran(), Accept).toBe(1);
    }
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const headers = { ...BROWSER, ...authorization(credentials) };
    expect((await ask(museum.app, '/louvre', { headers })).status).toBe(200);
    expect(museum.ledger.count(credentials.uuid)).toBe(1);
  });

  it.each<Record<string, string>>([
    { Accept: 'application/json, TEXT/HTML;q=0.1' },
    { Accept: 'image/avif,*/*;q=0.8', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Site': 'same-origin' },
    { Accept: '*/*', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'none' },
    { Accept: '*/*', 'Sec-Fetch-Mode': 'websocket', 'Sec-Fetch-Site': 'same-origin' },
    // Plain http, where browsers send no Fetch Metadata; and scanners that call themselves one.
    { Accept: '*/*', 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36' },
    { Accept: 'image/avif,image/webp,*/*;q=0.8', 'User-Agent': 'Mozilla/5.0 (compatible; scanner)' },
  ])('is all that a browser gets that is no program of the app: %o', async (headers) => {
    const guest = await guestOf(museum);
    formOf((await guest.browse('/louvre', headers)).body, '/louvre');
    await guest.expectUntouched();
  });

  it("is not for the app's own scripts", async () => {
    const guest = await guestOf(museum);
    const fetched = { Accept: '*/*', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Site': 'same-origin' };
    const strictly = { ...fetched, 'Sec-Fetch-Mode': 'same-origin' };
    const name = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36' };
    expect((await guest.browse('/louvre', { ...name, ...fetched })).body).toBe('{"query":[]}');
    const third = await guestOf(museum);
    expect((await third.browse('/louvre', { ...name, ...strictly })).body).toBe('{"query":[]}');
    const other = await guestOf(museum);
    const json = { Accept: 'application/json, text/plain, */*' };
    expect((await other.browse('/louvre', { ...name, ...json })).body).toBe('{"query":[]}');
    expect([guest.ran(), other.ran()]).toEqual([1, 1]);
  });

  it('hides the confirmation from the handler however it is spelled', async () => {
    const guest = await guestOf(museum);
    const { target } = formOf((await guest.browse('/louvre')).body, '/louvre');
    const spelled = target.replace('ticket-confirmation', 'ticket%2Dconfirmation');
    expect((await guest.browse(`${spelled}&page=2`)).body).toBe('{"query":[["page","2"]]}');
  });

  it('[L-1] is refused with 400 for a target that names another host', async () => {
    const guest = await guestOf(museum);
    for (const target of ['http://evil.example/louvre', '//evil.example/louvre']) {
      const { status, headers, body } = await guest.browse(target);
      // A doubled slash is no route of either platform.
      expect(status, target).toBe(target.startsWith('//') ? 404 : 400);
      expect(headers, target).not.toHaveProperty('location');
      expect(body, target).not.toContain('<form');
    }
    await guest.expectUntouched();
  });

  it('bears a backslash among the parameters, as browsers send it', async () => {
    const guest = await guestOf(museum);
    const { fields } = formOf((await guest.browse('/louvre?folder=a\\b')).body, '/louvre?folder=a\\b');
    expect(fields[0]).toEqual(['folder', 'a\\b']);
  });

  it.each(['HEAD', 'OPTIONS'])(
    'is not for a %s of a handler that stamps by itself, which does not run',
    async (method) => {
      const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
      const answer = await ask(museum.app, `/tower?${queryOf(credentials)}`, { method, headers: BROWSER });
      expect(answer).toMatchObject({ status: 200, body: '' });
      expect(museum.ledger.count(credentials.uuid)).toBe(0);
      expect((await museum.row(credentials.uuid))!.usedAt).toBeNull();
    },
  );

  it.each([
    ['by APP_INTERCEPTOR', { providers: [{ provide: APP_INTERCEPTOR, useClass: StampInvitation }] }],
    [
      'by useGlobalInterceptors',
      {
        providers: [StampInvitation],
        before: (app: INestApplication) => app.useGlobalInterceptors(app.get(StampInvitation)),
      },
    ],
  ])('is all that a browser gets where the whole app is stamped, %s', async (_, parts) => {
    const stamped = await startApp(adapter, anyDatabase, { controllers: [GardenController], ...parts });
    const guest = await guestOf(stamped, '/garden');
    const { target } = formOf((await guest.browse('/garden')).body, '/garden');
    await guest.expectUntouched();
    await guest.browse(target);
    expect((await stamped.row(guest.uuid))!.usedAt).not.toBeNull();
  });

  it('is not for a handler that uses nothing up, nor for a POST', async () => {
    const guest = await guestOf(museum, '/garden');
    expect((await guest.browse('/garden')).body).toBe('');
    expect((await guest.browse('/louvre', {}, 'POST')).body).toBe('');
    expect(guest.ran()).toBe(2);
  });

  it('can be left out for a route', async () => {
    const guest = await guestOf(museum, '/gate');
    await guest.browse('/gate');
    expect(guest.ran()).toBe(1);
  });

  it('can be left out for all routes but some', async () => {
    const unconfirmed = await open(adapter, { confirm: false });
    const guest = await guestOf(unconfirmed);
    formOf((await guest.browse('/crypt')).body, '/crypt');
    await guest.expectUntouched();
    await guest.browse('/louvre');
    expect(guest.ran()).toBe(1);
  });

  it('needs a pass: without passes the handler runs at once', async () => {
    const passless = await open(adapter, { pass: false });
    const { credentials } = await passless.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const answer = await ask(passless.app, `/louvre?${queryOf(credentials)}`, { headers: BROWSER });
    expect(answer.status).toBe(200);
    expect(passless.ledger.count(credentials.uuid)).toBe(1);
  });

  it('is not for a ticket that is over: its holder is told so, and when', async () => {
    const guest = await guestOf(museum);
    await museum.tamper(guest.uuid, { usedAt: Date.UTC(2026, 4, 5, 6, 7) });
    const page = await guest.browse('/louvre');
    expect(page.status).toBe(403);
    expect(page.body).toContain('<time datetime="2026-05-05T06:07:00.000Z">5 May 2026 at 06:07 UTC</time>');
  });

  it('[L-11] escapes what comes from the address, and shows nothing of a hostile ticket', async () => {
    const issued = { place: SCRIPT, purpose: SCRIPT, subject: SCRIPT, data: { firstName: SCRIPT } };
    const { credentials } = await museum.tickets.issue(issued);
    const guest = await arrive(
      museum,
      credentials,
      `/trap?${new URLSearchParams({ [SCRIPT]: SCRIPT }).toString()}`,
    );
    const page = await guest.browse(guest.location);
    const { fields, target } = formOf(page.body, guest.location);
    expect(fields[0]).toEqual([SCRIPT, SCRIPT]);
    await guest.browse(target);
    const used = await guest.browse(target);
    const missing = await ask(museum.app, guest.location, { headers: BROWSER });
    expect([used.status, missing.status]).toEqual([403, 401]);
    for (const { body } of [page, used, missing]) expect(body).not.toContain('<script');
  });

  it('is not for a HEAD, which runs nothing, though it has the confirmation', async () => {
    const guest = await guestOf(museum);
    const { target } = formOf((await guest.browse('/louvre')).body, '/louvre');
    expect(await guest.browse(target, {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
    await guest.expectUntouched();
  });
});

eachAdapter("The app's confirm page", (adapter) => {
  it('is rendered from the form and the ticket, under a policy without scripts', async () => {
    const seen: [ConfirmPageContext, { url?: string }][] = [];
    const confirm = async (page: ConfirmPageContext, request: { url?: string }) => {
      seen.push([page, request]);
      return `<p>${(page.ticket.data as { firstName: string }).firstName}</p>`;
    };
    const museum = await open(adapter, { pages: { confirm } });
    const guest = await guestOf(museum, '/louvre?page=2', { firstName: 'Léonard' });
    const page = await guest.browse(guest.location);
    expect(page).toMatchObject({ status: 200, body: '<p>Léonard</p>' });
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('script-src');
    const [context, request] = seen[0]!;
    expect(context).toMatchObject({
      status: 200,
      code: 'TICKET_CONFIRM',
      action: '',
      fields: [
        { name: 'page', value: '2' },
        { name: 'ticket-uuid', value: guest.uuid },
        { name: 'ticket-confirmation', value: expect.stringMatching(/^[\w-]{43}$/) },
      ],
    });
    expect(request.url).toBe('/louvre?page=2');
    await guest.expectUntouched();
  });

  it('is the built-in one when the app cannot render it, and for browsers when pages are off', async () => {
    const broken = () => {
      throw new Error('no template');
    };
    for (const pages of [{ confirm: broken }, false] as const) {
      const guest = await guestOf(await open(adapter, { pages }));
      expect(formOf((await guest.browse('/louvre')).body, '/louvre').buttons).toBe(1);
      await guest.expectUntouched();
    }
  });
});
