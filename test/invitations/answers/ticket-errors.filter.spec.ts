import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  type INestApplication,
  Logger,
  Param,
  Post,
  Res,
  UseFilters,
} from '@nestjs/common';
import { APP_FILTER, ExternalContextCreator, HttpAdapterHost } from '@nestjs/core';
import {
  CredentialsError,
  Invitation,
  InvitationRequired,
  NoTicketError,
  type Ticket,
  TicketBusyError,
  TicketErrorsFilter,
  TicketExpiredError,
  TicketLockedError,
  TicketOfficeBusyError,
  TicketOfficeConfigurationError,
  TicketRevokedError,
  TicketService,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeResponseOf } from '../../../lib/invitations/guest-request.js';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../../support/app.js';
import { ask, authorization, BROWSER } from '../ask.js';

const AT = new Date('2026-11-25T12:00:00Z');
const NOWHERE = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';

/** What a `TicketService` throws, beside what the routes below make it throw. */
const ERRORS: Record<string, Error> = {
  missing: new NoTicketError(),
  wrong: new CredentialsError(),
  used: new TicketUsedError(AT),
  expired: new TicketExpiredError(AT),
  revoked: new TicketRevokedError(AT),
  busy: new TicketBusyError(),
  unfinished: new TicketBusyError(undefined, { claimedAt: AT }),
  office: new TicketOfficeBusyError(),
  locked: new TicketLockedError(),
  configuration: new TicketOfficeConfigurationError('The office is closed'),
  other: new TypeError('The lift is stuck'),
};

@Controller('admin')
class AdminController {
  constructor(private readonly tickets: TicketService) {}

  @Post('reissue/:uuid')
  reissue(@Param('uuid') uuid: string) {
    return this.tickets.reissue(uuid);
  }

  @Post('issue/:subject')
  issue(@Param('subject') subject: string) {
    return this.tickets.issue({ place: 'louvre', purpose: 'visit', subject, onDuplicate: 'reject' });
  }

  @Post('input')
  input() {
    const input = { place: '', purpose: 'visit', password: 42, 'a\nsecret': 'tkt_secret' };
    return this.tickets.issue(input as object as { place: string; purpose: string });
  }

  @Get('throws/:name')
  throws(@Param('name') name: string) {
    throw ERRORS[name]!;
  }

  @Get('begins')
  begins(@Res() response: unknown) {
    nodeResponseOf(response).write('Dear ');
    throw new NoTicketError();
  }
}

@Controller()
class GuestController {
  constructor(private readonly tickets: TicketService) {}

  @Post('louvre')
  @InvitationRequired('louvre', 'visit')
  used() {
    throw new TicketUsedError(AT);
  }

  @Post('again')
  @InvitationRequired('louvre', 'visit')
  again(@Invitation() { uuid }: Ticket) {
    return this.tickets.reissue(uuid);
  }
}

@UseFilters(TicketErrorsFilter)
class FilteredController extends AdminController {}
Controller('admin')(FilteredController);

@UseFilters(new TicketErrorsFilter())
class InstanceController extends AdminController {}
Controller('admin')(InstanceController);

@Catch()
class CatchAll implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(_: unknown, host: ArgumentsHost) {
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), 'Sorry', 418);
  }
}

const WIRINGS: [string, Parameters<typeof startApp>[2]][] = [
  ['@UseFilters()', { controllers: [FilteredController, GuestController] }],
  ['@UseFilters() of an instance', { controllers: [InstanceController, GuestController] }],
  [
    'useGlobalFilters() without an adapter',
    {
      controllers: [AdminController, GuestController],
      before: (app: INestApplication) => app.useGlobalFilters(new TicketErrorsFilter()),
    },
  ],
  [
    'useGlobalFilters()',
    {
      controllers: [AdminController, GuestController],
      before: (app: INestApplication) => app.useGlobalFilters(new TicketErrorsFilter(app.getHttpAdapter())),
    },
  ],
  [
    'APP_FILTER',
    {
      controllers: [AdminController, GuestController],
      providers: [{ provide: APP_FILTER, useClass: TicketErrorsFilter }],
    },
  ],
];

eachAdapter('TicketErrorsFilter', (adapter) => {
  describe.each(WIRINGS)('by %s', (_, parts) => {
    let museum: Museum;
    beforeAll(async () => {
      museum = await startApp(adapter, anyDatabase, parts);
    });
    afterEach(() => vi.restoreAllMocks());

    const send = async (path: string, method = 'POST', headers: Record<string, string> = {}) => {
      const answer = await ask(museum.app, path, { method, headers });
      return { ...answer, json: JSON.parse(answer.body) as Record<string, unknown> };
    };

    it('answers 404 for a ticket that is not there', async () => {
      const { status, json } = await send(`/admin/reissue/${NOWHERE}`);
      expect([status, json]).toEqual([
        404,
        {
          statusCode: 404,
          error: 'Not Found',
          message: 'There is no such ticket.',
          errorCode: 'TICKET_NOT_FOUND',
        },
      ]);
    });

    it('answers 409 for a duplicate, with the one that stands', async () => {
      const first = await send(`/admin/issue/${adapter.name}`);
      const { uuid } = first.json['ticket'] as Ticket;
      const { status, json } = await send(`/admin/issue/${adapter.name}`);
      expect([status, json]).toEqual([409, expect.objectContaining({ errorCode: 'TICKET_DUPLICATE', uuid })]);
    });

    it('answers 409 for a ticket that is used', async () => {
      const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
      await museum.tamper(credentials.uuid, { usedAt: AT.getTime() });
      const { status, json } = await send(`/admin/reissue/${credentials.uuid}`);
      expect([status, json]).toEqual([
        409,
        expect.objectContaining({ errorCode: 'TICKET_USED', usedAt: AT.toISOString() }),
      ]);
    });

    it('answers 400 for input, with its faults, and no value of it', async () => {
      const { status, json, body } = await send('/admin/input');
      expect([status, json]).toEqual([
        400,
        {
          statusCode: 400,
          error: 'Bad Request',
          errorCode: 'TICKET_INPUT',
          message: expect.stringMatching(/^issue\(\): /),
          faults: expect.arrayContaining([expect.stringContaining('place must be')]),
        },
      ]);
      expect(body).toContain(String.raw`a\\nsecret`);
      for (const value of ['tkt_secret', '42']) expect(body).not.toContain(value);
    });

    it.each([
      ['missing', 400, 'TICKET_MISSING', undefined],
      ['wrong', 400, 'TICKET_INVALID', undefined],
      ['used', 409, 'TICKET_USED', undefined],
      ['expired', 409, 'TICKET_EXPIRED', undefined],
      ['revoked', 409, 'TICKET_REVOKED', undefined],
      ['locked', 409, 'TICKET_LOCKED', undefined],
      ['busy', 409, 'TICKET_BUSY', '1'],
      ['unfinished', 409, 'TICKET_BUSY', undefined],
      ['office', 503, 'TICKET_OFFICE_BUSY', '1'],
    ])('answers as an admin needs it: %s, %i', async (name, expected, errorCode, retryAfter) => {
      const { status, json, headers } = await send(`/admin/throws/${name}`, 'GET', BROWSER);
      expect([status, json['statusCode'], json['errorCode']]).toEqual([expected, expected, errorCode]);
      expect(headers['retry-after']).toBe(retryAfter);
      expect(headers).not.toHaveProperty('www-authenticate');
      expect(headers['content-type']).toMatch(/^application\/json/);
    });

    it.each(['configuration', 'other'])(
      'leaves a fault of the app a 500, which is logged: %s',
      async (name) => {
        const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
        const { status, json } = await send(`/admin/throws/${name}`, 'GET');
        expect([status, json]).toEqual([500, { statusCode: 500, message: 'Internal server error' }]);
        expect(logged).toHaveBeenCalled();
      },
    );

    it('ends an answer that has begun', async () => {
      const { status, body } = await ask(museum.app, '/admin/begins');
      expect([status, body]).toEqual([200, 'Dear ']);
    });

    it('leaves what the guests of guarded handlers get', async () => {
      const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
      const used = await send('/louvre', 'POST', authorization(credentials));
      expect([used.status, used.json['errorCode']]).toEqual([403, 'TICKET_USED']);
      const missing = await send('/louvre');
      expect([missing.status, missing.headers['www-authenticate']]).toEqual([401, 'Ticket']);
      const page = await ask(museum.app, '/louvre', { method: 'POST', headers: BROWSER });
      expect(page.body).toMatch(/^<!doctype html>/);
    });
  });

  it.each([
    ['listed last, comes before a filter that catches all', [CatchAll, TicketErrorsFilter], 409],
    ['listed first, is never asked', [TicketErrorsFilter, CatchAll], 418],
  ])('%s', async (_, filters, status) => {
    const providers = filters.map((useClass) => ({ provide: APP_FILTER, useClass }));
    const { app } = await startApp(adapter, anyDatabase, { controllers: [AdminController], providers });
    expect((await ask(app, '/admin/throws/locked')).status).toBe(status);
    expect((await ask(app, '/admin/throws/other')).status).toBe(418);
  });

  it('gives a GraphQL resolver the same as an HttpException', async () => {
    const parts = {
      controllers: [AdminController],
      providers: [{ provide: APP_FILTER, useClass: TicketErrorsFilter }],
    };
    const museum = await startApp(adapter, anyDatabase, parts);
    const controller = museum.app.get(AdminController);
    const creator = museum.app.get(ExternalContextCreator, { strict: false });
    const nothing = [undefined, undefined, undefined, undefined, undefined] as const;
    const throws = (name: unknown) => controller.throws(String(name));
    const resolve = creator.create(controller, throws, 'throws', ...nothing, 'graphql');
    await expect(resolve('locked')).rejects.toMatchObject({
      status: 409,
      response: { errorCode: 'TICKET_LOCKED' },
    });
  });
});
