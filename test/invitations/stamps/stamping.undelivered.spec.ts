import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import {
  type CallHandler,
  type ExecutionContext,
  Get,
  type INestApplication,
  Injectable,
  type NestInterceptor,
  NotFoundException,
  Render,
  Req,
  StreamableFile,
  UseInterceptors,
  Controller,
} from '@nestjs/common';
import {
  Invitation,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import { map, type Observable, tap } from 'rxjs';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter, type TestAdapter } from '../../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp } from '../../support/app.js';
import { nestStreams } from '../../support/versions.js';
import { captureLog } from '../captured-log.js';
import { ticketFor } from '../visit.app.js';

const CANARY = 'the picture that only its guest may see';

@Injectable()
class Refusing implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map(() => {
        throw new NotFoundException();
      }),
    );
  }
}

/** Breaks a stream whose first chunk is there, before any of it is sent. */
@Injectable()
class Breaking implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      tap((value: StreamableFile | Readable) => {
        const stream = value instanceof StreamableFile ? value.getStream() : value;
        stream.destroy(new Error('The disk is gone'));
      }),
    );
  }
}

const cycle: Record<string, unknown> = { CANARY };
cycle['itself'] = cycle;
const picture = () => Readable.from([CANARY, CANARY]);

@Controller()
@InvitationRequired('louvre', 'visit')
class UndeliveredController {
  constructor(private readonly ledger: Ledger) {}

  @Get('bigint')
  @UseInterceptors(StampInvitation)
  bigint() {
    return { CANARY, n: 1n };
  }

  @Get('bigint-in-transaction')
  @UseInterceptors(StampInTransaction)
  bigintInTransaction() {
    return { CANARY, n: 1n };
  }

  @Get('cycle')
  @UseInterceptors(StampInvitation)
  cycle() {
    return cycle;
  }

  @Get('template')
  @Render('picture')
  @UseInterceptors(StampInvitation)
  template() {
    return { CANARY };
  }

  @Get('outside')
  @UseInterceptors(Refusing, StampInvitation)
  outside() {
    return CANARY;
  }

  @Get('file')
  @UseInterceptors(Breaking, StampInvitation)
  file() {
    return new StreamableFile(picture());
  }

  @Get('stream')
  @UseInterceptors(Breaking, StampInvitation)
  stream() {
    return picture();
  }

  @Get('hook')
  @UseInterceptors(StampInvitation)
  hook() {
    return CANARY;
  }

  @Get('fine')
  @UseInterceptors(StampInvitation)
  fine() {
    return CANARY;
  }

  @Get('slow')
  @UseInterceptors(StampInvitation)
  async slow(@Invitation() ticket: Ticket, @Req() { socket }: IncomingMessage) {
    const closed = once(socket, 'close');
    this.ledger.note(ticket.uuid);
    await closed;
    return { CANARY, n: 1n };
  }
}

/** Makes templates fail, and on Fastify what sends the answers of /hook. */
function spoil(app: INestApplication, { name }: TestAdapter): void {
  const fail = () => {
    throw new Error('The template is broken');
  };
  const instance = app.getHttpAdapter().getInstance() as {
    set(name: string, value: unknown): void;
    decorateReply(name: string, value: unknown): void;
    addHook(name: string, hook: (request: { url: string }) => Promise<void>): void;
  };
  if (name === 'Express') {
    instance.set('view engine', 'html');
    instance.set(
      'view',
      class {
        readonly path = 'picture.html';
        readonly render = fail;
      },
    );
    return;
  }
  instance.decorateReply('view', fail);
  instance.addHook('onSend', async ({ url }) => {
    if (url === '/hook') throw new Error('The hook is broken');
  });
}

eachAdapter('an answer that cannot be sent after the stamp', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, {
      controllers: [UndeliveredController],
      before: (app) => spoil(app, adapter),
    });
  });
  const lines = (logged: ReturnType<typeof captureLog>, uuid: string) =>
    logged.map(({ text }: { text: unknown }) => String(text)).filter((text) => text.includes(uuid));

  const cases: [string, number][] = [
    ['/bigint', 500],
    ['/bigint-in-transaction', 500],
    ['/cycle', 500],
    ['/template', 500],
    ['/outside', 404],
    // Fastify has sent the headers by then, and breaks the connection off.
    ...(nestStreams && adapter.name === 'Express' ? [['/file', 400] as [string, number]] : []),
    ...(nestStreams ? [['/stream', 500] as [string, number]] : []),
    ...(adapter.name === 'Fastify' ? [['/hook', 500] as [string, number]] : []),
  ];
  it.each(cases)(
    '[F-20] is logged with the ticket, which is used, and without its content: %s',
    async (path, status) => {
      const guest = await ticketFor(museum);
      const logged = captureLog();
      expect((await guest.visit(path)).status).toBe(status);
      expect((await guest.row()).usedAt).not.toBeNull();
      await expect.poll(() => lines(logged, guest.uuid)).toHaveLength(1);
      expect(lines(logged, guest.uuid)[0]).toBe(
        `Ticket ${guest.uuid} is used, but its guest got an error (${status}): what was to be sent after the stamp has failed. Issue another ticket where the guest needs the answer`,
      );
      expect(String(logged.map(({ text }) => text))).not.toContain(CANARY);
    },
  );

  it('[F-20] is not logged where it is sent, nor where the guest has hung up', async () => {
    const guest = await ticketFor(museum);
    const logged = captureLog();
    expect((await guest.visit('/fine')).status).toBe(200);
    const hasty = await ticketFor(museum);
    const { port } = museum.app.getHttpServer().address() as AddressInfo;
    const request = httpRequest({ host: '127.0.0.1', port, path: '/slow', headers: hasty.headers });
    const closed = new Promise((resolve) => request.on('error', () => undefined).once('close', resolve));
    request.end();
    await expect.poll(() => hasty.ran()).toBe(1);
    request.destroy();
    await closed;
    await expect.poll(async () => (await hasty.row()).usedAt).not.toBeNull();
    expect((await (await ticketFor(museum)).visit('/fine')).status).toBe(200);
    expect([...lines(logged, guest.uuid), ...lines(logged, hasty.uuid)]).toEqual([]);
  });
});
