import {
  Body,
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  HttpException,
  type INestApplication,
  Injectable,
  type NestInterceptor,
  Param,
  ParseIntPipe,
  Post,
  Redirect,
  RequestTimeoutException,
  Res,
  StreamableFile,
  UseInterceptors,
  ValidationPipe,
} from '@nestjs/common';
import { IsString } from 'class-validator';
import type { Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import { concat, EMPTY, from, map, mergeMap, of, raceWith, take, tap, throwError, timer } from 'rxjs';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { aroundQueries } from '../../support/around-queries.js';
import { barrier } from '../../support/barrier.js';
import { anyDatabase, Ledger } from '../../support/app.js';
import { isStamp } from '../../support/statement-kinds.js';
import { eachPlatform } from '../../support/platforms.js';
import { ask, openSocket, queryOf } from '../ask.js';
import type { Reply } from '../../support/reply.js';
import { startVisitApp, Behaviour, type VisitApp, ticketFor, visitController } from '../visit.app.js';

class Page {
  @IsString()
  text!: string;
}

/** Gives up before the handler does, when the test says so. */
@Injectable()
class Impatient implements NestInterceptor {
  static giveUp = barrier();

  intercept(_: ExecutionContext, next: CallHandler) {
    const tooLate = from(Impatient.giveUp.opened).pipe(
      mergeMap(() => throwError(() => new RequestTimeoutException())),
    );
    return next.handle().pipe(raceWith(tooLate));
  }
}

/** Refuses what the handler has made. */
@Injectable()
class Critic implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(
      tap(() => {
        throw new HttpException('Not art', 418);
      }),
    );
  }
}

@Controller()
class KindsController {
  constructor(
    private readonly behaviour: Behaviour,
    private readonly ledger: Ledger,
  ) {}

  @Get('unstamped')
  unstamped(@Res({ passthrough: true }) reply: Reply) {
    return this.behaviour.act(undefined as never, reply, '');
  }

  @Get('room/:number')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  room(@Param('number', ParseIntPipe) number: number, @Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return { number };
  }

  @Post('guest-book')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  sign(@Body(new ValidationPipe({ expectedType: Page })) page: Page, @Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return page;
  }

  @Get('impatient')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(Impatient, StampInvitation)
  impatient(@Invitation() ticket: Ticket, @Res({ passthrough: true }) reply: Reply) {
    this.ledger.note(ticket.uuid);
    return this.behaviour.act(ticket as never, reply, '');
  }

  @Get('criticised')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation, Critic)
  criticised(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return 'art?';
  }

  @Get('plain')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  plain(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return this.behaviour.act(ticket as never, undefined as never, '');
  }

  @Get('passthrough')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  passthrough(@Invitation() ticket: Ticket, @Res({ passthrough: true }) reply: Reply) {
    this.ledger.note(ticket.uuid);
    return this.behaviour.act(ticket as never, reply, '');
  }

  @Get('by-hand')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  byHand(@Invitation() ticket: Ticket, @Res() reply: Reply) {
    this.ledger.note(ticket.uuid);
    reply.status(202);
    reply.send('by hand');
  }

  @Get('refused-by-hand')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  refusedByHand(@Invitation() ticket: Ticket, @Res() reply: Reply) {
    this.ledger.note(ticket.uuid);
    reply.status(422);
    reply.send('not like that');
  }

  @Get('elsewhere')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  @Redirect('/thanks')
  elsewhere(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
  }

  @Post('quietly')
  @HttpCode(204)
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  quietly(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
  }
}

const controllers = [visitController(StampInvitation), KindsController];

function fail(error: unknown): never {
  throw error;
}
const teapot = () => new HttpException('I am a teapot', 418);

/** Asserts that a handler which fails leaves its ticket as it was, for another visit that succeeds. */
async function expectGivenBack(visitApp: VisitApp, status: number, act: Behaviour['act']): Promise<void> {
  const guest = await ticketFor(visitApp);
  visitApp.behaviour.act = act;
  expect((await guest.visit()).status).toBe(status);
  expect(guest.ran()).toBe(1);
  await guest.expectUntouched();
  visitApp.behaviour.act = () => 'Welcome';
  expect(await guest.visit()).toMatchObject({ status: 200, body: 'Welcome' });
  expect((await guest.row()).usedAt).not.toBeNull();
}

/** Asserts that a handler which succeeds stamps its ticket once, and is answered as it would be without the stamp. */
async function expectStampedOnce(visitApp: VisitApp, act: Behaviour['act']): Promise<void> {
  const guest = await ticketFor(visitApp);
  visitApp.behaviour.act = act;
  const plain = await ask(visitApp.app, '/unstamped');
  const stamps = () => visitApp.log.statements.filter(isStamp).length;
  const before = stamps();
  const answer = await guest.visit();
  expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: plain.body });
  expect(answer.headers['content-type']).toBe(plain.headers['content-type']);
  expect(stamps() - before).toBe(1);
  expect((await guest.row()).usedAt).not.toBeNull();
  expect(guest.ran()).toBe(1);
}

eachPlatform('the stamp after the handler', (database, adapter) => {
  let visitApp: VisitApp;
  beforeAll(async () => {
    visitApp = await startVisitApp(adapter, database, { controllers });
  });
  afterEach(() => {
    Object.assign(visitApp.behaviour, new Behaviour());
  });

  const failures: [string, number, Behaviour['act']][] = [
    ['throws an Error', 500, () => fail(new Error('The roof leaks'))],
    ['rejects with an HttpException', 418, () => Promise.reject(teapot())],
  ];
  it.each(failures)('[R-7] gives the ticket back when the handler %s', (_, status, act) =>
    expectGivenBack(visitApp, status, act),
  );

  const quiet: [string, Behaviour['act']][] = [
    ['throws', () => fail(teapot())],
    ['sets status 422', (_, reply) => (reply.status(422), 'no')],
  ];
  it.each(quiet)('[R-7] answers as the handler did that %s, be it claimed for good', async (_, act) => {
    const guest = await ticketFor(visitApp);
    visitApp.behaviour.act = act;
    aroundQueries(visitApp.dataSource, (sql, run) =>
      /claimId\S* = NULL/.test(sql) ? Promise.reject(new Error('The database is gone')) : run(),
    );
    expect([418, 422]).toContain((await guest.visit()).status);
    expect(await guest.row()).toMatchObject({ usedAt: null, claimId: expect.any(String) });
    expect((await guest.visit()).status).toBe(409);
    expect(guest.ran()).toBe(1);
  });

  it.each([
    ['succeeds', () => 'Welcome', true],
    ['fails', () => fail(teapot()), false],
  ])('[R-7] goes by the handler that %s after the client has hung up', async (_, end, used) => {
    const guest = await ticketFor(visitApp);
    const [entered, gate] = [barrier(), barrier()];
    visitApp.behaviour.act = async () => {
      entered.open();
      await gate.opened;
      return end();
    };
    const gone = nextConnectionGone(visitApp.app);
    const socket = await openSocket(visitApp.app);
    const credentials = queryOf(guest.credentials);
    socket.write(`POST /visit?${credentials} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`);
    await entered.opened;
    socket.destroy();
    await gone;
    expect((await guest.row()).claimId).not.toBeNull();
    gate.open();
    if (used) await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
    else await expect.poll(async () => (await guest.row()).claimId).toBeNull();
    expect(guest.ran()).toBe(1);
    expect((await guest.visit()).status).toBe(used ? 403 : 418);
  });

  it('[R-7] goes by the handler that succeeds after an interceptor outside has given up', async () => {
    const guest = await ticketFor(visitApp);
    const gate = barrier();
    Impatient.giveUp = barrier();
    visitApp.behaviour.act = async () => {
      Impatient.giveUp.open();
      await gate.opened;
      return 'Welcome';
    };
    expect((await guest.visit('/impatient')).status).toBe(408);
    expect(await guest.row()).toMatchObject({ usedAt: null, claimId: expect.any(String) });
    gate.open();
    await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
    expect((await guest.visit()).status).toBe(403);
    expect(guest.ran()).toBe(1);
  });

  it.each([
    ['a text', () => 'Welcome'],
    ['a stream', () => new StreamableFile(Readable.from(['Welcome'], { objectMode: false }))],
  ])('[R-17] is on the row before the client has the first byte of %s', async (_, act) => {
    const guest = await ticketFor(visitApp);
    const [stamping, gate] = [barrier(), barrier()];
    visitApp.behaviour.act = act;
    aroundQueries(visitApp.dataSource, async (sql, run) => {
      if (!isStamp(sql)) return run();
      stamping.open();
      await gate.opened;
      return run();
    });
    let answered = false;
    const answer = guest.visit().finally(() => (answered = true));
    await stamping.opened;
    // A round trip through the same server: an answer on its way would have come by now.
    expect((await ask(visitApp.app, '/unstamped')).status).toBe(200);
    expect(answered).toBe(false);
    gate.open();
    expect((await answer).status).toBe(200);
    expect((await guest.row()).usedAt).not.toBeNull();
  });

  const outcomes: [string, Behaviour['act']][] = [['a text', () => 'Welcome']];
  it.each(outcomes)('[R-17] is one, and loses nothing, for %s', (_, act) => expectStampedOnce(visitApp, act));

  it('[R-17] is made for a handler that answers by itself', async () => {
    const guest = await ticketFor(visitApp);
    expect(await guest.visit('/by-hand')).toMatchObject({ status: 202, body: 'by hand' });
    await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
    expect((await guest.visit('/by-hand')).status).toBe(403);
    expect(guest.ran()).toBe(1);
  });

  it('[R-13] holds no lock and no connection while the handler runs', async () => {
    const guests = await Promise.all(Array.from({ length: 15 }, () => ticketFor(visitApp)));
    const [gate, arrived] = [barrier(), barrier()];
    let missing = guests.length;
    visitApp.behaviour.act = async (ticket) => {
      missing -= 1;
      if (missing === 0) arrived.open();
      await gate.opened;
      // More handlers than a pool has connections, each with a write to the row that is claimed.
      await visitApp.tamper(ticket.uuid, { attempts: 1 });
      return 'Welcome';
    };
    const answers = Promise.all(guests.map((guest) => guest.visit()));
    await arrived.opened;
    gate.open();
    expect((await answers).map(({ status }) => status)).toEqual(guests.map(() => 200));
    for (const guest of guests) {
      expect(await guest.row()).toMatchObject({ attempts: 1, usedAt: expect.any(Number) });
    }
  });

  it('[M-11] makes a handler that asks for itself with the same ticket busy, not stuck', async () => {
    const guest = await ticketFor(visitApp);
    visitApp.behaviour.act = async () => {
      const { status, headers } = await guest.visit();
      return { status, retry: headers['retry-after'] };
    };
    const answer = await guest.visit();
    expect(answer).toMatchObject({ status: 200, body: '{"status":409,"retry":"1"}' });
    expect(guest.ran()).toBe(1);
  });
});

eachAdapter('the stamp after a handler of any kind', (adapter) => {
  const responses: ServerResponse[] = [];
  let visitApp: VisitApp;
  beforeAll(async () => {
    const before = (app: INestApplication) =>
      app.use((_: unknown, response: ServerResponse, next: () => void) => {
        responses.push(response);
        next();
      });
    visitApp = await startVisitApp(adapter, anyDatabase, { controllers, before });
  });
  afterEach(() => {
    Object.assign(visitApp.behaviour, new Behaviour());
  });

  const failures: [string, number, Behaviour['act']][] = [
    ['throws an HttpException', 418, () => fail(teapot())],
    ['rejects with an Error', 500, () => Promise.reject(new Error('The roof leaks'))],
    ['throws a string', 500, () => fail('The roof leaks')],
    ['throws undefined', 500, () => fail(undefined)],
    ['throws null', 500, () => fail(null)],
    ['throws an object', 500, () => fail({ roof: 'leaks' })],
    ['returns an Observable that errors', 418, () => throwError(teapot)],
    ['returns an Observable that errors with undefined', 500, () => throwError(() => undefined)],
    ['returns an Observable that emits and then errors', 418, () => concat(of(1, 2), throwError(teapot))],
    ['promises an Observable that errors', 418, async () => throwError(teapot)],
    ['sets status 422', 422, (_, reply) => (reply.status(422), 'Not like that')],
    ['sets status 400', 400, async (_, reply) => (reply.status(400), { no: true })],
    ['sets status 503 by an Observable', 503, (_, reply) => of(1).pipe(tap(() => reply.status(503)))],
  ];
  it.each(failures)('[R-7] gives the ticket back when the handler %s', (_, status, act) =>
    expectGivenBack(visitApp, status, act),
  );

  it('[R-7] gives the ticket back when a pipe refuses the request', async () => {
    const guest = await ticketFor(visitApp);
    expect((await guest.visit('/room/six')).status).toBe(400);
    const headers = { ...guest.headers, 'Content-Type': 'application/json' };
    const signed = await ask(visitApp.app, '/guest-book', { method: 'POST', headers, body: '{"text":6}' });
    expect(signed.status).toBe(400);
    expect(guest.ran()).toBe(0);
    await guest.expectUntouched();
    expect(await guest.visit('/room/6')).toMatchObject({ status: 200, body: '{"number":6}' });
  });

  it('[R-7] gives the ticket back when an interceptor inside the stamp fails', async () => {
    const guest = await ticketFor(visitApp);
    expect((await guest.visit('/criticised')).status).toBe(418);
    expect(guest.ran()).toBe(1);
    await guest.expectUntouched();
  });

  it.each(['/plain', '/passthrough'])(
    '[R-7] goes by the handler of %s after a middleware has answered for it',
    async (path) => {
      const guest = await ticketFor(visitApp);
      const [entered, gate] = [barrier(), barrier()];
      visitApp.behaviour.act = async () => {
        entered.open();
        await gate.opened;
        return 'Welcome';
      };
      const visit = guest.visit(path);
      await entered.opened;
      const response = responses.at(-1)!;
      response.statusCode = 503;
      response.end('Too late');
      expect((await visit).status).toBe(503);
      gate.open();
      await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
      expect(guest.ran()).toBe(1);
    },
  );

  const outcomes: [string, Behaviour['act']][] = [
    ['nothing', () => undefined],
    ['null', () => null],
    ['an object', async () => ({ welcome: true })],
    ['an empty list', () => []],
    ['an Observable of one value', () => of('Welcome')],
    ['an Observable of several values', () => of('one', 'two', 'three')],
    ['an Observable of a few, over time', () => timer(0, 1).pipe(take(3), map(String))],
    ['an Observable of undefined', () => of(undefined)],
    ['an Observable of lists', () => of([1], [2, 3])],
    ['a file', () => new StreamableFile(Buffer.from('Mona Lisa'))],
  ];
  it.each(outcomes)('[R-17] is one, and loses nothing, for %s', (_, act) => expectStampedOnce(visitApp, act));

  it('[R-17] is one for an Observable of nothing, unless the answer is an error', async () => {
    const guest = await ticketFor(visitApp);
    visitApp.behaviour.act = () => EMPTY;
    const { status } = await guest.visit();
    expect(guest.ran()).toBe(1);
    // Without the stamp, Nest makes an error of it; with a stamp it may not take the ticket and answer one.
    expect({ ok: status < 400 }).toEqual({ ok: (await guest.row()).usedAt !== null });
  });

  it('[R-7] [R-17] is not made for a handler that refuses by itself', async () => {
    const guest = await ticketFor(visitApp);
    expect(await guest.visit('/refused-by-hand')).toMatchObject({ status: 422, body: 'not like that' });
    await expect.poll(async () => (await guest.row()).claimId).toBeNull();
    await guest.expectUntouched();
    expect((await guest.visit()).status).toBe(200);
  });

  it('[R-17] is made for a redirect, and for an answer without a body', async () => {
    const [one, other] = [await ticketFor(visitApp), await ticketFor(visitApp)];
    expect(await one.visit('/elsewhere')).toMatchObject({ status: 302, headers: { location: '/thanks' } });
    const left = await ask(visitApp.app, '/quietly', { method: 'POST', headers: other.headers });
    expect(left).toMatchObject({ status: 204, body: '' });
    for (const guest of [one, other]) {
      expect((await guest.row()).usedAt).not.toBeNull();
      expect(guest.ran()).toBe(1);
    }
  });
});

eachAdapter('a request that only looks runs no stamped handler', (adapter) => {
  let visitApp: VisitApp;
  beforeAll(async () => {
    visitApp = await startVisitApp(adapter, anyDatabase, { controllers });
  });

  it.each([
    ['HEAD', '/visit'],
    ['OPTIONS', '/visit'],
    ['HEAD', '/room/6'],
    ['OPTIONS', '/room/6'],
  ])('with %s %s', async (method, path) => {
    const guest = await ticketFor(visitApp);
    const byHeader = await ask(visitApp.app, path, { method, headers: guest.headers });
    const byLink = await ask(visitApp.app, `${path}?${queryOf(guest.credentials)}`, { method });
    expect(guest.ran()).toBe(0);
    await guest.expectUntouched();
    expect(byLink.headers).not.toHaveProperty('set-cookie');
    // Looking is no error of anybody's; a platform may have no handler for OPTIONS.
    for (const { status } of [byHeader, byLink])
      expect(status < 400 || status === 404, `${status}`).toBe(true);
  });

  it('and asks for a ticket all the same', async () => {
    expect((await ask(visitApp.app, '/visit', { method: 'HEAD' })).status).toBe(401);
  });
});

function nextConnectionGone(app: INestApplication): Promise<void> {
  const server = app.getHttpServer() as Server;
  return new Promise((resolve) => {
    server.once('connection', (socket) => socket.once('close', () => resolve()));
  });
}
