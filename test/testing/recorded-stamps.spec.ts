import { createReadStream } from 'node:fs';
import {
  ConflictException,
  Controller,
  Get,
  HttpCode,
  type INestApplication,
  Redirect,
  Res,
  StreamableFile,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { InvitationGuard, InvitationRequired, TicketInputError, TicketService } from 'nestjs-ticketoffice';
import { admit, recordStamps, ticketFor, TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { STAMPS } from '../invitations/visit.app.js';
import { closeApp, eachAdapter, request, type TestAdapter } from '../support/adapters.js';
import type { Reply } from '../support/reply.js';
import { afterwards } from '../support/suite-scope.js';
import { nestStreams } from '../support/versions.js';

/** A handler for each way to succeed or to refuse. */
function outcomesController(stamp: Type): Type {
  @Controller()
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(stamp as never)
  class OutcomesController {
    @Get('returns')
    returns() {
      return 'Welcome';
    }

    @Get('throws')
    throws() {
      throw new ConflictException();
    }

    @Get('sets-202')
    accepts(@Res({ passthrough: true }) reply: Reply) {
      reply.status(202);
      return 'by and by';
    }

    @Get('sets-422')
    refuses(@Res({ passthrough: true }) reply: Reply) {
      reply.status(422);
      return 'not like that';
    }

    @Get('declares-409')
    @HttpCode(409)
    conflicts() {
      return 'no';
    }

    @Get('redirects-410')
    @Redirect('/thanks')
    redirects() {
      return { url: '/nowhere', statusCode: 410 };
    }

    @Get('sends-202')
    sends(@Res() reply: Reply) {
      reply.status(202);
      reply.send('by hand');
    }

    @Get('sends-404')
    sendsNotFound(@Res() reply: Reply) {
      reply.status(404);
      reply.send('no such room');
    }

    @Get('sends-404-later')
    sendsLater(@Res() reply: Reply) {
      setImmediate(() => this.sendsNotFound(reply));
    }

    @Get('response-201')
    response() {
      return new Response('Welcome', { status: 201 });
    }

    @Get('response-422')
    refusingResponse() {
      return new Response('not like that', { status: 422 });
    }

    @Get('missing-file')
    missingFile() {
      return new StreamableFile(createReadStream('/not/there'));
    }
  }
  return OutcomesController;
}

const sendsResponses = (adapter: TestAdapter) => adapter.name === 'Fastify' || nestStreams;

/** The path, the status of the answer, and what becomes of the ticket. */
const outcomesOn = (adapter: TestAdapter): [path: string, status: number, end: 'used' | 'valid'][] => [
  ['returns', 200, 'used'],
  ['throws', 409, 'valid'],
  ['sets-202', 202, 'used'],
  ['sets-422', 422, 'valid'],
  ['declares-409', 409, 'valid'],
  ['redirects-410', 410, 'valid'],
  ['sends-202', 202, 'used'],
  ['sends-404', 404, 'valid'],
  ['sends-404-later', 404, 'valid'],
  ['response-201', sendsResponses(adapter) ? 201 : 200, 'used'],
  ['response-422', sendsResponses(adapter) ? 422 : 200, sendsResponses(adapter) ? 'valid' : 'used'],
  ['missing-file', adapter.name === 'Express' ? 400 : 500, 'valid'],
];

async function start(adapter: TestAdapter, builder: ReturnType<typeof Test.createTestingModule>) {
  const app = (await builder.compile()).createNestApplication(adapter.create(), {
    logger: false,
    forceCloseConnections: true,
  });
  afterwards(() => closeApp(app));
  await app.listen(0, '127.0.0.1');
  return app;
}

eachAdapter('recordStamps() says of a handler what the stamp says', (adapter) => {
  describe.each(STAMPS)('in place of %s', (_, stamp) => {
    const ticket = ticketFor();
    const stamps = recordStamps();
    let real: INestApplication;
    let unit: INestApplication;
    beforeAll(async () => {
      const controllers = [outcomesController(stamp)];
      const office = TicketOfficeTestingModule.forRoot();
      real = await start(adapter, Test.createTestingModule({ imports: [office], controllers }));
      const imports = [TicketOfficeTestingModule.withoutDatabase()];
      const builder = Test.createTestingModule({ imports, controllers })
        .overrideGuard(InvitationGuard)
        .useValue(admit(ticket))
        .overrideInterceptor(stamp)
        .useValue(stamps);
      unit = await start(adapter, builder);
    });

    async function visit(method: 'get' | 'head', path: string) {
      const tickets = real.get(TicketService);
      const { credentials } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
      const { uuid, password } = credentials;
      const answer = await request(real)[method](path).set('Authorization', `Ticket ${uuid}:${password}`);
      await expect.poll(() => tickets.count({ status: 'claimed' })).toBe(0);
      return { status: answer.status, end: (await tickets.find(uuid))!.status() };
    }

    async function visitUnit(method: 'get' | 'head', path: string) {
      const before = stamps.used.length;
      const { status } = await request(unit)[method](path);
      const used = stamps.used.slice(before);
      expect(used.every((one) => one === ticket)).toBe(true);
      return { status, end: ['valid', 'used'][used.length] };
    }

    it.each(outcomesOn(adapter))('%s: %i, and the ticket is %s', async (path, status, end) => {
      expect(await visit('get', `/${path}`)).toEqual({ status, end });
      expect(await visitUnit('get', `/${path}`)).toEqual({ status, end });
    });

    it('runs no handler for HEAD', async () => {
      const nothing = { status: 200, end: 'valid' };
      expect(await visit('head', '/returns')).toEqual(nothing);
      expect(await visitUnit('head', '/returns')).toEqual(nothing);
    });
  });
});

describe('recordStamps()', () => {
  it.each<[unknown, string]>([
    [null, 'the input must be an object, not null'],
    ['x', 'the input must be an object, not a string'],
    [{ manger: {} }, "'manger' is unknown: write one of manager"],
    [{ manager: null }, 'manager must be an EntityManager, or what the handler uses of one, not null'],
    [{ manager: 'x' }, 'manager must be an EntityManager, or what the handler uses of one, not a string'],
  ])('refuses %j', (options, told) => {
    expect(() => recordStamps(options as never)).toThrow(TicketInputError);
    expect(() => recordStamps(options as never)).toThrow(`recordStamps(): ${told}`);
  });

  it('takes a manager of any kind, or none', () => {
    for (const manager of [undefined, {}, () => undefined])
      expect(recordStamps({ manager: manager as never }).used).toEqual([]);
  });
});
