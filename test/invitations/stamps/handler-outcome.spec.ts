import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  BadRequestException,
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Inject,
  type INestApplication,
  type NestInterceptor,
  Next,
  NotFoundException,
  Redirect,
  Req,
  Res,
  Scope,
  StreamableFile,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import { map } from 'rxjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eachAdapter, type TestAdapter } from '../../support/adapters.js';
import { anyDatabase, Ledger } from '../../support/app.js';
import { barrier } from '../../support/barrier.js';
import type { Reply } from '../../support/reply.js';
import { hasHandlerTimeout, nestStreams } from '../../support/versions.js';
import { STAMPS, Behaviour, startVisitApp, ticketFor, type VisitApp } from '../visit.app.js';

/** Wraps every answer, as many apps do. */
class Wrap implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

/** Every way to answer that the tests choose from: the handler does what its {@link Behaviour} says. */
function outcomeController(stamp: Type): Type {
  @Controller()
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(stamp as never)
  class OutcomeController {
    constructor(
      private readonly behaviour: Behaviour,
      private readonly ledger: Ledger,
    ) {}

    private act(ticket: Ticket, reply?: unknown) {
      this.ledger.note(ticket.uuid);
      return this.behaviour.act(ticket as never, reply as Reply, '');
    }

    @Get('plain')
    plain(@Invitation() ticket: Ticket) {
      return this.act(ticket);
    }

    @Get('wrapped')
    @UseInterceptors(Wrap)
    wrapped(@Invitation() ticket: Ticket) {
      return this.act(ticket);
    }

    @Get('passthrough')
    passthrough(@Invitation() ticket: Ticket, @Res({ passthrough: true }) reply: Reply) {
      return this.act(ticket, reply);
    }

    @Get('by-hand')
    async byHand(@Invitation() ticket: Ticket, @Res() reply: Reply) {
      await this.act(ticket, reply);
    }

    @Get('by-request')
    byRequest(@Invitation() ticket: Ticket, @Req() request: { res?: Reply }) {
      return this.act(ticket, request.res);
    }

    @Get('conflict')
    @HttpCode(409)
    conflict(@Invitation() ticket: Ticket) {
      return this.act(ticket);
    }

    @Get('elsewhere')
    @Redirect('/thanks')
    elsewhere(@Invitation() ticket: Ticket) {
      return this.act(ticket);
    }

    @Get('next')
    next(@Invitation() ticket: Ticket, @Next() next: (error?: unknown) => void) {
      return this.act(ticket, next);
    }
  }
  return OutcomeController;
}

@Controller()
class AfterwardsController {
  @Get('next')
  next() {
    return 'from the next route';
  }
}

@Controller({ scope: Scope.REQUEST })
class PerRequestController {
  constructor(
    @Inject(REQUEST) private readonly request: { res?: Reply },
    private readonly ledger: Ledger,
  ) {}

  @Get('per-request')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    this.request.res?.status(422);
    return 'not like that';
  }
}

type Guest = Awaited<ReturnType<typeof ticketFor>>;

/** Asserts that the ticket is used, by one run of the handler, and that it admits nobody any more. */
async function expectUsed(guest: Guest, path: string): Promise<void> {
  await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
  expect((await guest.visit(path)).status).toBe(403);
  expect(guest.ran()).toBe(1);
}

/** Answers in the place of the handler, when the test says so. */
class Middleware {
  answer = barrier();

  private async tooLate(response: ServerResponse): Promise<void> {
    await this.answer.opened;
    response.statusCode = 503;
    response.end('too late');
  }

  register = (app: INestApplication) => {
    app.use((_: unknown, response: ServerResponse, next: () => void) => {
      void this.tooLate(response);
      next();
    });
  };
}

eachAdapter('the outcome of a handler', (adapter) => {
  describe.each(STAMPS)('for %s', (_name, stamp) => {
    const middleware = new Middleware();
    let visitApp: VisitApp;
    beforeAll(async () => {
      const controllers = [
        outcomeController(stamp),
        ...(adapter.name === 'Express' ? [AfterwardsController] : []),
      ];
      visitApp = await startVisitApp(adapter, anyDatabase, { controllers, before: middleware.register });
    });
    beforeEach(() => {
      Object.assign(visitApp.behaviour, new Behaviour());
      middleware.answer = barrier();
    });

    async function expectReleased(path: string, status: number, act: Behaviour['act']): Promise<void> {
      const guest = await ticketFor(visitApp);
      visitApp.behaviour.act = act;
      expect((await guest.visit(path)).status).toBe(status);
      await expect.poll(async () => (await guest.row()).claimId).toBeNull();
      await guest.expectUntouched();
      expect(guest.ran()).toBe(1);
    }

    async function expectStamped(path: string, answer: object, act: Behaviour['act']): Promise<void> {
      const guest = await ticketFor(visitApp);
      visitApp.behaviour.act = act;
      expect(await guest.visit(path)).toMatchObject(answer);
      await expectUsed(guest, path);
    }

    // Before 12.4, Nest sends none on Express.
    describe.skipIf(adapter.name === 'Express' && !nestStreams)('by a web Response', () => {
      const upstream = createServer(({ url }, response) => {
        response.writeHead(Number(url!.slice(1)), { 'Content-Encoding': 'gzip', 'X-Upstream': 'yes' });
        response.end(gzipSync('from upstream'));
      });
      beforeAll(() => new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve)));
      afterAll(() => upstream.close());
      const address = (status: number) =>
        `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/${status}`;

      it('[A-3] is a failure where its status is one', () =>
        expectReleased('/plain', 422, () => new Response('Not like that', { status: 422 })));

      it('[A-3] is a failure where an upstream server has failed', () =>
        expectReleased('/plain', 502, () => fetch(address(502))));

      it('[A-3] is a failure where its body fails before the first chunk', () =>
        expectReleased('/plain', 500, () => {
          const start = (controller: ReadableStreamDefaultController) => controller.error(new Error('gone'));
          return new Response(new ReadableStream({ start }));
        }));

      it('[A-3] is a success otherwise, and the answer is what it was', async () => {
        const headers = { 'x-upstream': 'yes' };
        await expectStamped('/plain', { status: 200, body: 'from upstream', headers }, () =>
          fetch(address(200)),
        );
        await expectStamped('/plain', { status: 204, body: '' }, () => new Response(null, { status: 204 }));
      });
    });

    it.runIf(adapter.name === 'Express' && !nestStreams)(
      '[A-3] is a success where Nest makes JSON of a web Response, whatever its status',
      () =>
        expectStamped(
          '/plain',
          { status: 200, body: '{}' },
          () => new Response('Not like that', { status: 422 }),
        ),
    );

    describe('by a status', () => {
      it('[R-7] is a failure by @HttpCode()', () => expectReleased('/conflict', 409, () => 'no'));

      it('[R-7] is a failure by what a redirect returns', () =>
        expectReleased('/elsewhere', 410, () => ({ url: '/nowhere', statusCode: 410 })));

      it.runIf(nestStreams)(
        '[A-3] is a failure where an interceptor inside has wrapped what fails',
        async () => {
          const refused = () => new Response('Not like that', { status: 404 });
          await expectReleased('/wrapped', 404, refused);
          async function* failing() {
            yield await Promise.reject<string>(new BadRequestException());
          }
          if (stamp === StampInvitation) await expectReleased('/wrapped', 400, () => failing());
        },
      );

      it.runIf(adapter.name === 'Fastify')(
        '[R-7] is a failure where Fastify sends what it returns as an error',
        () => expectReleased('/plain', 404, () => new NotFoundException()),
      );

      it.skipIf(adapter.name === 'Fastify')('[R-7] is a failure by the response of the request', () =>
        expectReleased('/by-request', 422, (__, reply) => (reply.status(422), 'no')),
      );

      it('[A-1] is a failure by the handler’s own, whatever answers in its place', async () => {
        const guest = await ticketFor(visitApp);
        visitApp.behaviour.act = async (__, reply) => {
          reply.status(422);
          middleware.answer.open();
          return 'no';
        };
        await guest.visit('/passthrough');
        await expect.poll(async () => (await guest.row()).claimId).toBeNull();
        await guest.expectUntouched();
      });
    });

    it('[A-4] is a success of a handler that finds another answer in place of its own', async () => {
      const guest = await ticketFor(visitApp);
      const done = barrier();
      visitApp.behaviour.act = async (__, reply) => {
        middleware.answer.open();
        await done.opened;
        const { headersSent, sent } = reply;
        if (!(sent ?? headersSent)) reply.send('done');
      };
      expect((await guest.visit('/by-hand')).status).toBe(503);
      done.open();
      middleware.answer = barrier();
      await expectUsed(guest, '/by-hand');
    });

    describe('of callback style', () => {
      const later = (status: number) => (_: unknown, reply: Reply) => {
        setImmediate(() => {
          reply.status(status);
          reply.send('by and by');
        });
      };

      it('[A-13] is a failure where it refuses after it has returned', () =>
        expectReleased('/by-hand', 404, later(404)));

      it('[A-13] is a success where it answers after it has returned', () =>
        expectStamped('/by-hand', { status: 200, body: 'by and by' }, later(200)));

      it('[A-13] is a success where its guest has gone before', async () => {
        const guest = await ticketFor(visitApp);
        visitApp.behaviour.act = () => middleware.answer.open();
        expect((await guest.visit('/by-hand')).status).toBe(503);
        middleware.answer = barrier();
        await expectUsed(guest, '/by-hand');
      });
    });

    if (adapter.name === 'Express')
      describe('that hands the request on', () => {
        const hand = (to: unknown) => (_: unknown, next: unknown) => (next as (to: unknown) => void)(to);

        it('[A-13] is a failure by next(error)', () =>
          expectReleased('/next', 400, hand(new BadRequestException())));

        it('[A-13] is a success by next(), whose end nobody waits for', () =>
          expectStamped('/next', { status: 200, body: 'from the next route' }, hand('route')));
      });

    describe('of a file', () => {
      const missing = () => new StreamableFile(createReadStream('/not/there'));
      const notFound = (_: Error, response: { statusCode: number; send: (body: string) => void }) => {
        response.statusCode = 404;
        response.send('no such file');
      };

      it('[A-13] is a failure where it is not there', () =>
        expectReleased('/plain', adapter.name === 'Express' ? 400 : 500, missing));

      it.skipIf(adapter.name === 'Fastify')('[A-13] is answered by the file’s own error handler', () =>
        expectReleased('/plain', 404, () => missing().setErrorHandler(notFound)),
      );
    });
  });

  it.skipIf(adapter.name === 'Fastify')(
    '[R-7] is a failure by the status that a controller made per request sets',
    async () => {
      const visitApp = await startVisitApp(adapter, anyDatabase, { controllers: [PerRequestController] });
      const guest = await ticketFor(visitApp);
      expect((await guest.visit('/per-request')).status).toBe(422);
      await guest.expectUntouched();
      expect(guest.ran()).toBe(1);
    },
  );
});

// The Fastify of the first versions of Nest 11 has no such limit.
describe.runIf(hasHandlerTimeout)('the outcome of a handler whose time Fastify limits', () => {
  const limited: TestAdapter = {
    name: 'Fastify',
    create: () => new FastifyAdapter({ handlerTimeout: 30, forceCloseConnections: true }),
  };

  it.each(STAMPS)('[A-1] is its own while the answer to the time-out is held up (%s)', async (_, stamp) => {
    let [held, gate] = [barrier(), barrier()];
    const before = (app: INestApplication) =>
      app
        .getHttpAdapter()
        .getInstance()
        .addHook('onSend', async (__: unknown, reply: { statusCode: number }) => {
          if (reply.statusCode !== 503) return;
          held.open();
          await gate.opened;
        });
    const visitApp = await startVisitApp(limited, anyDatabase, {
      controllers: [outcomeController(stamp)],
      before,
    });
    for (const path of ['/plain', '/passthrough']) {
      [held, gate] = [barrier(), barrier()];
      const guest = await ticketFor(visitApp);
      visitApp.behaviour.act = () => held.opened.then(() => 'Welcome');
      const answer = guest.visit(path).catch(() => undefined);
      await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
      gate.open();
      await answer;
      visitApp.behaviour.act = () => 'Welcome';
      await expectUsed(guest, path);
    }
  });
});

it('[R-7] the status of an HTTP/2 response counts where the handler sets it', async () => {
  const overHttp2: TestAdapter = { name: 'Fastify', create: () => new FastifyAdapter({ http2: true }) };
  const controllers = [outcomeController(StampInvitation)];
  const visitApp = await startVisitApp(overHttp2, anyDatabase, { controllers });
  const guest = await ticketFor(visitApp);
  const { port } = visitApp.app.getHttpServer().address() as AddressInfo;
  const session = connect(`http://127.0.0.1:${port}`);
  const visit = async (act: Behaviour['act']): Promise<number> => {
    visitApp.behaviour.act = act;
    const request = session.request({ ':path': '/passthrough', ...guest.headers });
    const [headers] = (await once(request, 'response')) as [IncomingHttpHeaders];
    request.resume();
    await once(request, 'close');
    return Number(headers[':status']);
  };
  expect(await visit((_, reply) => (reply.status(422), 'no'))).toBe(422);
  await guest.expectUntouched();
  expect(await visit(() => 'Welcome')).toBe(200);
  expect((await guest.row()).usedAt).not.toBeNull();
  session.close();
});
