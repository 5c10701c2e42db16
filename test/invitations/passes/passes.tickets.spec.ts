import {
  Body,
  type CanActivate,
  Controller,
  Get,
  type INestApplication,
  Post,
  Query,
  UseInterceptors,
  ValidationPipe,
} from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import {
  type CredentialsLike,
  Invitation,
  InvitationRequired,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, type Museum } from '../../support/app.js';
import { TestClock } from '../../support/clock.js';
import { authorization, BROWSER, follow, queryOf, type WholeAnswer } from '../ask.js';
import { Browser } from '../browser.js';
import { formOf } from '../page.form.js';
import { issue, openLink, startPlacesApp } from '../places.app.js';
import { eachPassStore } from './pass.stores.js';

class Chosen {
  @IsOptional()
  @IsString()
  chosen?: string;
}

/** Rejects any field that it does not know. */
const strict = new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true });

@Controller('account')
class AccountController {
  @Get()
  @InvitationRequired('louvre', 'visit')
  form(@Invitation() ticket: Ticket, @Query(strict) _query: Chosen) {
    return ticket.uuid;
  }

  @Post()
  @InvitationRequired('louvre', 'visit', { credentials: ['body'] })
  @UseInterceptors(StampInvitation)
  change(@Invitation() ticket: Ticket, @Query(strict) _query: Chosen, @Body(strict) _body: Chosen) {
    return ticket.uuid;
  }
}

const FORM = 'application/x-www-form-urlencoded';
const byForm = (fields: Record<string, string> | [string, string][]) => ({
  method: 'POST',
  headers: { 'Content-Type': FORM },
  body: new URLSearchParams(fields).toString(),
});
const byJson = (body: unknown) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

eachAdapter('passes for two tickets of one place and purpose', (adapter) => {
  eachPassStore((store) => {
    const clock = new TestClock();
    const open = (before: (app: INestApplication) => unknown = () => undefined) =>
      startPlacesApp(adapter, anyDatabase, store, {
        controllers: [AccountController],
        options: { now: clock.now },
        before,
      });
    let museum: Museum;
    beforeAll(async () => {
      museum = await open();
    });

    /** A browser that has opened the link of A, then that of B. */
    async function arrive(at = museum) {
      const [a, b] = [await issue(at), await issue(at)];
      const browser = await openLink(at, a, '/account');
      clock.advance(1);
      await openLink(at, b, '/account', browser);
      return {
        browser,
        a,
        b,
        used: async ({ uuid }: CredentialsLike) => (await at.row(uuid))!.usedAt !== null,
      };
    }

    /** [S-13] The form that was opened by link A is sent after link B was opened: whose ticket is used up? */
    async function sendFormOfA(at: Museum): Promise<string[]> {
      const { browser, a, b, used } = await arrive(at);
      const answer = await browser.visit('/account', byForm({ chosen: 'x', 'ticket-uuid': a.uuid }));
      const faults =
        answer.status >= 400 || answer.body === a.uuid ? [] : ['the handler got the ticket of B'];
      return [...faults, ...((await used(b)) ? ['the ticket of B is used'] : [])];
    }

    it('[S-13] live side by side, and a form acts on the ticket of its own link', async () => {
      const { browser } = await arrive();
      expect(Object.keys(await store.tokens(browser)).length).toBe(2);
      expect(await sendFormOfA(museum)).toEqual([]);
    });

    it('[S-13] stay apart when a page is loaded again, where the link names its ticket', async () => {
      const [a, b] = [await issue(museum), await issue(museum)];
      const named = `/account?ticket-uuid=${a.uuid}`;
      const browser = new Browser(museum.app);
      const opened = await browser.visit(`${named}&${queryOf(a)}`);
      expect(follow('/account', opened.headers.location!)).toBe(named);
      clock.advance(1);
      await openLink(museum, b, '/account', browser);
      expect((await browser.visit(named)).body).toBe(a.uuid);
      expect((await browser.visit('/account')).body, 'without the name').toBe(b.uuid);
    });

    it('[S-13] are mixed up, which the test finds, where the name of the ticket does not count', async () => {
      const forget: CanActivate = {
        canActivate(context) {
          delete context.switchToHttp().getRequest<{ body?: Record<string, unknown> }>().body?.[
            'ticket-uuid'
          ];
          return true;
        },
      };
      const naive = await open((app) => app.useGlobalGuards(forget));
      expect(await sendFormOfA(naive)).toEqual([
        'the handler got the ticket of B',
        'the ticket of B is used',
      ]);
    });

    it.each<[string, (uuid: string) => readonly [string, object]]>([
      ['the query', (uuid: string) => [`/account?ticket-uuid=${uuid}`, byForm({ chosen: 'x' })]],
      ['a form', (uuid: string) => ['/account', byForm({ 'ticket-uuid': uuid, chosen: 'x' })]],
      ['a JSON body', (uuid: string) => ['/account', byJson({ 'ticket-uuid': uuid, chosen: 'x' })]],
      ['the query of a GET', (uuid: string) => [`/account?chosen=x&ticket-uuid=${uuid}`, {}]],
      ['upper case', (uuid: string) => ['/account', byForm({ 'ticket-uuid': uuid.toUpperCase() })]],
      [
        'the query and the form that goes back to that address',
        (uuid: string) => [`/account?ticket-uuid=${uuid}`, byForm({ 'ticket-uuid': uuid, chosen: 'x' })],
      ],
      ['hexadecimal', (uuid: string) => ['/account', byForm({ 'ticket-uuid': uuid.replaceAll('-', '') })]],
    ])(
      '[S-13] admit with the one that is named in %s, which a strict handler does not see',
      async (_, send) => {
        const { browser, a, b, used } = await arrive();
        const answer = await browser.visit(...send(a.uuid));
        expect([200, 201]).toContain(answer.status);
        expect(answer.body).toBe(a.uuid);
        expect(await used(b)).toBe(false);
      },
    );

    it('[S-13] are named in a query and a body that the app has frozen, and a strict handler does not see it', async () => {
      const freeze: CanActivate = {
        canActivate(context) {
          const request = context.switchToHttp().getRequest<{ body?: object; query: object }>();
          for (const field of ['query', 'body'] as const)
            if (request[field])
              Object.defineProperty(request, field, {
                value: Object.freeze({ ...request[field] }),
                configurable: true,
              });
          return true;
        },
      };
      const frozen = await open((app) => app.useGlobalGuards(freeze));
      const { browser, a } = await arrive(frozen);
      for (const query of ['', `?chosen=x&ticket-uuid=${a.uuid}`]) {
        const answer = await browser.visit(`/account${query}`);
        expect(answer.status).toBe(200);
      }
      const form = byForm({ chosen: 'x', 'ticket-uuid': a.uuid });
      const sent = await browser.visit(`/account?ticket-uuid=${a.uuid}`, form);
      expect(sent).toMatchObject({ status: 201, body: a.uuid });
    });

    it('[S-13] admit with the newest where none is named', async () => {
      const { browser, b } = await arrive();
      expect(await browser.visit('/account')).toMatchObject({ status: 200, body: b.uuid });
    });

    it.each<[string, (uuid: string, other: string) => readonly [string, object]]>([
      ['and another one in the query', (a, b) => [`/account?ticket-uuid=${a}&ticket-uuid=${b}`, {}]],
      [
        'and another one in a form',
        (a, b) => [
          '/account',
          byForm([
            ['ticket-uuid', a],
            ['ticket-uuid', b],
          ]),
        ],
      ],
      [
        'and another one in query and form',
        (a, b) => [`/account?ticket-uuid=${a}`, byForm({ 'ticket-uuid': b })],
      ],
      ['by a list', (a) => ['/account', byJson({ 'ticket-uuid': [a] })]],
      ['by an object', (a) => ['/account', byJson({ 'ticket-uuid': { a } })]],
      ['by null', () => ['/account', byJson({ 'ticket-uuid': null })]],
      ['by nothing', () => ['/account?ticket-uuid=', {}]],
      ['by anything', () => ['/account', byForm({ 'ticket-uuid': "' OR 1=1" })]],
      ['in brackets', (a) => ['/account', byForm({ 'ticket-uuid[]': a })]],
      ['in a nested parameter', (a) => [`/account?ticket-uuid%5Bx%5D=${a}`, {}]],
      ['by a uuid with blanks', (a) => ['/account', byForm({ 'ticket-uuid': ` ${a}` })]],
      [
        'that has no pass',
        () => ['/account', byForm({ 'ticket-uuid': '01890000-0000-7000-8000-00000000000a' })],
      ],
    ])('[S-13] admit nobody who names a ticket %s', async (_, send) => {
      const { browser, a, b, used } = await arrive();
      const tokens = await store.tokens(browser);
      const answer = await browser.visit(...send(a.uuid, b.uuid));
      expect(JSON.parse(answer.body)).toMatchObject({ statusCode: 401, errorCode: 'TICKET_MISSING' });
      expect([await used(a), await used(b)]).toEqual([false, false]);
      expect(await store.tokens(browser)).toEqual(tokens);
    });

    it('[S-13] give way to right credentials, whatever ticket is named beside them', async () => {
      const { browser, a, b, used } = await arrive();
      const headers = { ...byForm({}).headers, ...authorization(b) };
      const named = { ...byForm({ 'ticket-uuid': a.uuid }), headers };
      expect(await browser.visit('/account', named)).toMatchObject({ status: 201, body: b.uuid });
      expect(await used(a)).toBe(false);
    });

    it('[S-13] are each cleared alone', async () => {
      const { browser, a, b } = await arrive();
      await museum.tickets.reissue(b.uuid);
      expect((await browser.visit('/account')).status).toBe(401);
      expect(await browser.visit('/account')).toMatchObject({ status: 200, body: a.uuid });
    });

    it('[S-13] use up the ticket of the page with the button, whatever was opened since', async () => {
      const [a, b] = [await issue(museum), await issue(museum)];
      const browser = await openLink(museum, a, '/once');
      const visit = (target: string): Promise<WholeAnswer> => browser.visit(target, { headers: BROWSER });
      const { target } = formOf((await visit('/once')).body, '/once');
      clock.advance(1);
      await visit(`/once?${queryOf(b)}`);
      expect(await visit(target)).toMatchObject({ status: 200, body: a.uuid });
      expect((await museum.row(b.uuid))!.usedAt).toBeNull();
    });
  });
});
