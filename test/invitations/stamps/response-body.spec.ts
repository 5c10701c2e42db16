import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { setImmediate as turn } from 'node:timers/promises';
import { PassThrough, Readable, Stream } from 'node:stream';
import {
  BadRequestException,
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  type INestApplication,
  type NestInterceptor,
  RequestTimeoutException,
  StreamableFile,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import {
  Invitation,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  type Ticket,
  TicketOfficeConfigurationError,
} from 'nestjs-ticketoffice';
import { from, mergeMap, Observable, of, raceWith, throwError } from 'rxjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { awaitFirstChunk, close } from '../../../lib/invitations/stamps/response-body.js';
import { eachAdapter, type TestAdapter } from '../../support/adapters.js';
import { anyDatabase, Ledger, startApp } from '../../support/app.js';
import { barrier } from '../../support/barrier.js';
import { lostFaults, spoil } from '../../support/driver-faults.js';
import { collectGarbage } from '../../support/garbage.js';
import { skipRetryWaits } from '../../support/retry-waits.js';
import { isStamp } from '../../support/statement-kinds.js';
import { isSent, nestStreams } from '../../support/versions.js';
import { openSocket, queryOf } from '../ask.js';
import { captureLog } from '../captured-log.js';
import { STAMPS, Behaviour, startVisitApp, ticketFor, type VisitApp, visitController } from '../visit.app.js';

const lost = lostFaults.postgres['reset connection']!;

/** An answer that tells whether it was closed. */
interface Closable {
  readonly value: unknown;
  readonly isClosed: () => boolean;
}

function webStream(): { stream: ReadableStream; isClosed: () => boolean } {
  let isClosed = false;
  const stream = new ReadableStream(
    { pull: (controller) => controller.enqueue(Buffer.from('art')), cancel: () => void (isClosed = true) },
    { highWaterMark: 0 },
  );
  return { stream, isClosed: () => isClosed };
}

function nodeStream(): { stream: Readable; isClosed: () => boolean } {
  const stream = new Readable({ read: () => void stream.push('art') });
  return { stream, isClosed: () => stream.destroyed };
}

function iterable(): Closable {
  let isClosed = false;
  const value: AsyncIterableIterator<string> = {
    [Symbol.asyncIterator]: () => value,
    next: async () => ({ done: false, value: 'art' }),
    return: async () => {
      isClosed = true;
      return { done: true, value: undefined };
    },
  };
  return { value: { [Symbol.asyncIterator]: () => value }, isClosed: () => isClosed };
}

const BODIES: Record<string, () => Closable> = {
  'a StreamableFile': () => {
    const { stream, isClosed } = nodeStream();
    return { value: new StreamableFile(stream), isClosed };
  },
  'a Readable': () => {
    const { stream, isClosed } = nodeStream();
    return { value: stream, isClosed };
  },
  'a ReadableStream': () => {
    const { stream, isClosed } = webStream();
    return { value: stream, isClosed };
  },
  'a web Response': () => {
    const { stream, isClosed } = webStream();
    return { value: new Response(stream), isClosed };
  },
  'an async iterable': iterable,
};

/** Gives up when the test says so. */
class Impatient implements NestInterceptor {
  giveUp = barrier();

  intercept(_: ExecutionContext, next: CallHandler) {
    const tooLate = from(this.giveUp.opened).pipe(
      mergeMap(() => throwError(() => new RequestTimeoutException())),
    );
    return next.handle().pipe(raceWith(tooLate));
  }
}

eachAdapter('an answer that is a stream', (adapter) => {
  describe.each(STAMPS)('under %s', (_name, stamp) => {
    const impatient = new Impatient();
    let visitApp: VisitApp;
    beforeAll(async () => {
      const before = (app: INestApplication) => app.useGlobalInterceptors(impatient);
      visitApp = await startVisitApp(adapter, anyDatabase, {
        controllers: [visitController(stamp)],
        before,
      });
    });
    beforeEach(() => {
      Object.assign(visitApp.behaviour, new Behaviour());
      Object.assign(impatient, new Impatient());
    });

    it.each(Object.keys(BODIES))('[A-5] is closed when its guest has another answer: %s', async (kind) => {
      const guest = await ticketFor(visitApp);
      const { value, isClosed } = BODIES[kind]!();
      const gate = barrier();
      visitApp.behaviour.act = async () => {
        impatient.giveUp.open();
        await gate.opened;
        return value;
      };
      expect((await guest.visit()).status).toBe(408);
      expect(isClosed()).toBe(false);
      gate.open();
      await expect.poll(isClosed).toBe(true);
      await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
    });

    it.each(Object.keys(BODIES))('[A-5] is closed when the stamp fails: %s', async (kind) => {
      const guest = await ticketFor(visitApp);
      const { value, isClosed } = BODIES[kind]!();
      visitApp.behaviour.act = () => value;
      const isEnd = stamp === StampInvitation ? isStamp : (sql: string) => sql === 'COMMIT';
      skipRetryWaits();
      spoil(visitApp.dataSource, isEnd, lost, { times: 4 });
      expect((await guest.visit()).status).toBe(503);
      await expect.poll(isClosed).toBe(true);
    });

    it('[A-5] is closed when an Observable emits another one after it', async () => {
      const guest = await ticketFor(visitApp);
      const first = nodeStream();
      const last = new StreamableFile(Readable.from(['the last one']));
      visitApp.behaviour.act = () => of(first.stream, last);
      expect(await guest.visit()).toMatchObject({ status: 200, body: 'the last one' });
      expect(first.isClosed()).toBe(true);
    });

    it('[A-5] is closed, and the ticket used, when its guest leaves before the first chunk', async () => {
      const guest = await ticketFor(visitApp);
      const [entered, stream] = [barrier(), new PassThrough()];
      visitApp.behaviour.act = () => {
        entered.open();
        return stream;
      };
      const socket = await openSocket(visitApp.app);
      socket.write(
        `POST /visit?${queryOf(guest.credentials)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`,
      );
      await entered.opened;
      socket.destroy();
      await expect.poll(() => stream.destroyed).toBe(true);
      await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
    });

    const failing: [string, () => unknown][] = [
      ['a Readable', () => Readable.from(failAtOnce())],
      ['a ReadableStream', () => Readable.toWeb(Readable.from(failAtOnce()))],
      ['a web Response', () => new Response(Readable.toWeb(Readable.from(failAtOnce())) as never)],
      ['an async iterable', () => ({ [Symbol.asyncIterator]: failAtOnce })],
    ];
    it.for(failing)(
      '[A-2] releases the ticket when it fails before its first chunk: %s',
      async (row, { skip }) => {
        const [kind, act] = row;
        skip(!isKindSent(adapter, kind), NOT_SENT);
        const guest = await ticketFor(visitApp);
        visitApp.behaviour.act = act;
        expect((await guest.visit()).status).toBe(400);
        await guest.expectUntouched();
      },
    );

    const read: [string, () => unknown][] = [
      [
        'a Readable',
        async () => {
          const stream = Readable.from(['Mona Lisa']);
          await stream.toArray();
          return stream;
        },
      ],
      [
        'a ReadableStream',
        async () => {
          const stream = Readable.toWeb(Readable.from(chunks()));
          await stream.getReader().read();
          return stream;
        },
      ],
      [
        'a StreamableFile',
        async () => {
          const stream = Readable.from(['Mona Lisa']);
          await stream.toArray();
          return new StreamableFile(stream);
        },
      ],
      ['a StreamableFile that is closed', () => new StreamableFile(Readable.from(['Mona Lisa']).destroy())],
      [
        'a web Response',
        async () => {
          const response = new Response('Mona Lisa');
          await response.text();
          return response;
        },
      ],
    ];
    it.each(read)('[A-3] releases the ticket when it was read already: %s', async (_, act) => {
      const guest = await ticketFor(visitApp);
      visitApp.behaviour.act = act;
      expect((await guest.visit()).status).toBe(500);
      await guest.expectUntouched();
    });

    const streaming: [string, () => unknown][] = [
      ['a Readable', () => Readable.from(chunks())],
      ['a StreamableFile', () => new StreamableFile(Readable.from(chunks()))],
      ['a ReadableStream', () => Readable.toWeb(Readable.from(chunks()))],
      ['a web Response', () => new Response(Readable.toWeb(Readable.from(chunks())) as never)],
      ['an async iterable', () => ({ [Symbol.asyncIterator]: chunks })],
    ];
    streaming.push(
      ['an old-style stream in a StreamableFile', () => new StreamableFile(oldStyle('Mona Lisa') as never)],
      [
        'an iterable whose next() returns no promise',
        () => {
          const left = ['Lisa', 'Mona '];
          const next = () => ({ done: left.length === 0, value: left.pop() });
          return { [Symbol.asyncIterator]: () => ({ next }) };
        },
      ],
      [
        'a Response whose reason no constructor takes',
        () => Object.defineProperty(new Response('Mona Lisa'), 'statusText', { value: 'Grüß ✓' }),
      ],
    );
    it.for(streaming)('[A-2] loses nothing: %s', async ([kind, act], { skip }) => {
      skip(!isKindSent(adapter, kind), NOT_SENT);
      const guest = await ticketFor(visitApp);
      visitApp.behaviour.act = act;
      expect(await guest.visit()).toMatchObject({ status: 200, body: 'Mona Lisa' });
      expect((await guest.row()).usedAt).not.toBeNull();
    });

    it.skipIf(nestStreams)('[A-2] loses nothing of a list whose pages can be read one by one', async () => {
      const guest = await ticketFor(visitApp);
      visitApp.behaviour.act = () => ({ pictures: ['Mona Lisa'], [Symbol.asyncIterator]: failAtOnce });
      expect(await guest.visit()).toMatchObject({ status: 200, body: '{"pictures":["Mona Lisa"]}' });
      expect((await guest.row()).usedAt).not.toBeNull();
      const wrapped = { pictures: ['Mona Lisa'], [Symbol.asyncIterator]: failAtOnce };
      const other = await ticketFor(visitApp);
      visitApp.behaviour.act = () => ({ data: wrapped });
      expect(await other.visit()).toMatchObject({ status: 200, body: '{"data":{"pictures":["Mona Lisa"]}}' });
    });

    it('[R-17] keeps one value of an Observable', async () => {
      const guest = await ticketFor(visitApp);
      const values: WeakRef<object>[] = [];
      visitApp.behaviour.act = () =>
        new Observable((subscriber) => {
          for (let index = 0; index < 50; index += 1) {
            const value = { index };
            values.push(new WeakRef(value));
            subscriber.next(value);
          }
          void held.opened.then(() => subscriber.complete());
        });
      const held = barrier();
      const answer = guest.visit();
      await expect.poll(() => values.length).toBe(50);
      for (let times = 0; times < 3; times += 1) {
        await turn();
        collectGarbage();
      }
      expect(values.filter((value) => value.deref()).length).toBeLessThan(5);
      held.open();
      expect(await answer).toMatchObject({ status: 200, body: '{"index":49}' });
    });
  });
});

const NOT_SENT = 'Nest does not stream it';

const isKindSent = ({ name }: TestAdapter, kind: string): boolean =>
  kind.includes('StreamableFile') || isSent(name, kind.includes('iterable') ? 'iterables' : 'streams');

/** A stream of the first kind: it emits, and can be piped, and that is all. */
function oldStyle(text: string): Stream {
  const stream = Object.assign(new Stream(), { destroy: () => undefined });
  const pipe = stream.pipe.bind(stream);
  stream.pipe = (destination, options) => {
    process.nextTick(() => {
      stream.emit('data', Buffer.from(text));
      stream.emit('end');
    });
    return pipe(destination, options);
  };
  return stream;
}

async function* failAtOnce(): AsyncGenerator<Buffer> {
  yield await Promise.reject<Buffer>(new BadRequestException());
}

async function* chunks(): AsyncGenerator<Buffer> {
  yield Buffer.from('Mona ');
  yield Buffer.from('Lisa');
}

/** A handler that is an async generator. */
function generatorController(stamp: Type): Type {
  @Controller()
  class GeneratorController {
    constructor(
      private readonly behaviour: Behaviour,
      private readonly ledger: Ledger,
    ) {}

    @Get('generator')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(stamp as never)
    async *generator(@Invitation() ticket: Ticket) {
      this.ledger.note(ticket.uuid);
      await this.behaviour.act(ticket as never, undefined as never, '');
      yield 'Mona ';
      await this.behaviour.enter();
      yield 'Lisa';
    }
  }
  return GeneratorController;
}

eachAdapter('a handler that is an async generator', (adapter) => {
  it('[A-2] gives its ticket back when it fails before the first chunk, and uses it up otherwise', async ({
    skip,
  }) => {
    skip(!nestStreams, NOT_SENT);
    const controllers = [generatorController(StampInvitation)];
    const visitApp = await startVisitApp(adapter, anyDatabase, { controllers });
    const guest = await ticketFor(visitApp);
    visitApp.behaviour.act = () => Promise.reject(new BadRequestException());
    expect((await guest.visit('/generator')).status).toBe(400);
    await guest.expectUntouched();
    Object.assign(visitApp.behaviour, new Behaviour());
    expect(await guest.visit('/generator')).toMatchObject({ status: 200, body: 'Mona Lisa' });
    expect((await guest.visit('/generator')).status).toBe(403);
    const unlucky = await ticketFor(visitApp);
    visitApp.behaviour.enter = () => Promise.reject(new Error('The roof leaks'));
    await unlucky.visit('/generator').catch(() => undefined);
    expect((await unlucky.row()).usedAt).not.toBeNull();
  });

  it('[A-2] does not boot with StampInTransaction', async () => {
    const controllers = [generatorController(StampInTransaction)];
    const booting = startApp(adapter, anyDatabase, { controllers, providers: [Behaviour] });
    await expect(booting).rejects.toThrow(TicketOfficeConfigurationError);
    await expect(booting).rejects.toThrow(
      /GeneratorController\.generator is an async generator.*: return a value/,
    );
  });

  it('[A-2] is refused by StampInTransaction where boot could not see it', async () => {
    const visitApp = await startVisitApp(adapter, anyDatabase, {
      controllers: [visitController(StampInTransaction)],
    });
    const guest = await ticketFor(visitApp);
    visitApp.behaviour.act = () => chunks();
    const logged = captureLog();
    expect((await guest.visit()).status).toBe(500);
    await guest.expectUntouched();
    expect(inspect(logged)).toContain('VisitController.visit is an async generator');
  });
});

it('[A-5] a Response from fetch() that is not sent is closed upstream', async () => {
  const upstream = createServer((request, response) => {
    response.write('the first');
    request.socket.once('close', () => gone.open());
  });
  const gone = barrier();
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  const toSend = await awaitFirstChunk(response, async (work) => void (await work));
  close(toSend);
  await gone.opened;
  upstream.close();
  await once(upstream, 'close');
});

it('[A-3] an object with a method of web streams is no stream', async () => {
  const book = {
    getReader: () => expect.unreachable('it was taken for a stream'),
    cancel: () => expect.unreachable('it was taken for a stream'),
  };
  expect(await awaitFirstChunk(book, async (work) => void (await work))).toBe(book);
  close(book);
});
