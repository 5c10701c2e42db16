import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Invitation, InvitationRequired, Ticket, TicketInputError, TicketService } from 'nestjs-ticketoffice';
import { expectSingleUse, TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import { describe, expect, it } from 'vitest';
import { adapterNamed, request, startNestApp } from '../support/adapters.js';
import { afterwards, ownResources } from '../support/suite-scope.js';
import { RoomsController } from './rooms.controller.js';

const busy = { status: 409, body: { errorCode: 'TICKET_BUSY' } };
const used = { status: 403, body: { errorCode: 'TICKET_USED' } };

/** Answers with one after the other, and with the last one from then on. */
function answering(...answers: unknown[]) {
  let sent = 0;
  const send = async () => {
    sent += 1;
    const answer = answers[Math.min(sent, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { send, sent: () => sent };
}

const told = (...answers: unknown[]): Promise<unknown> =>
  expectSingleUse(answering(...answers).send, { parallel: 4 }).then(
    () => 'nothing',
    (error: unknown) => error,
  );

const metadata = { imports: [TicketOfficeTestingModule.forRoot()], controllers: [RoomsController] };

async function authorize(tickets: TicketService): Promise<Record<'authorization', string>> {
  const { credentials } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
  return { authorization: `Ticket ${credentials.uuid}:${credentials.password}` };
}

describe('expectSingleUse()', () => {
  ownResources();

  it('sends as many at once as it is told to, and one more afterwards', async () => {
    const twenty = answering({ status: 200 }, used);
    await expectSingleUse(twenty.send);
    expect(twenty.sent()).toBe(21);
    const four = answering({ status: 200 }, used);
    await expectSingleUse(four.send, { parallel: 4 });
    expect(four.sent()).toBe(5);
  });

  it.each([
    ['a redirect as success', [{ status: 302 }, used]],
    ['statusCode, as of inject()', [{ statusCode: 200 }, { statusCode: 403, payload: 'No' }]],
    ['an answer of the app’s own, 409', [{ status: 200 }, { status: 409, body: { errorCode: 'GONE' } }]],
    ['409 while the first is at work', [busy, { status: 200 }, busy, used]],
    [
      'a client that rejects what is refused',
      [{ status: 200 }, Object.assign(new Error(), { response: used })],
    ],
    ['a body that is text', [{ statusCode: 200 }, { statusCode: 409, body: '{"errorCode":"TICKET_USED"}' }]],
    ['data that is text', [{ status: 200 }, { status: 409, data: '{"errorCode":"TICKET_USED"}' }]],
    [
      'text that supertest has not parsed',
      [{ status: 200 }, { status: 409, body: {}, text: '{"errorCode":"GONE"}' }],
    ],
    [
      '409 without a code while the first is at work',
      [{ status: 409 }, { status: 200 }, { status: 409 }, used],
    ],
  ])('takes %s', async (_, answers) => {
    expect(await told(...answers)).toBe('nothing');
  });

  it.each([
    [
      'two successes',
      [{ status: 200 }, { status: 201 }, used],
      '2 of 4 parallel requests succeeded, not 1: 1 × 200, 1 × 201, 2 × 403 TICKET_USED',
    ],
    ['no success', [used], '0 of 4 parallel requests succeeded, not 1: 4 × 403 TICKET_USED'],
    [
      'an error',
      [{ status: 200 }, { status: 500 }, used],
      '1 of 4 were neither a success nor refused (403, 409): 1 × 200, 1 × 500, 2 × 403 TICKET_USED',
    ],
    ['nobody admitted', [{ status: 200 }, { status: 401 }], '3 of 4 were neither'],
    ['a busy office', [{ status: 200 }, { status: 503 }, used], '1 × 503'],
    [
      'a ticket that opens again',
      [{ status: 200 }, used, used, used, { status: 200 }],
      'one more request afterwards was not refused (403, or 409 with another errorCode than TICKET_BUSY): 200',
    ],
    [
      'a ticket that stays claimed',
      [{ status: 200 }, busy],
      'still claimed when all are answered, and not used: 409 TICKET_BUSY',
    ],
    ...[
      { statusCode: 409, body: '{"errorCode":"TICKET_BUSY"}' },
      { status: 409, data: '{"errorCode":"TICKET_BUSY"}' },
      { status: 409, text: '{"errorCode":"TICKET_BUSY"}' },
      { statusCode: 409, payload: '{"errorCode":"TICKET_BUSY"}' },
    ].map((late): [string, unknown[], string] => [
      `a ticket that stays claimed, as ${Object.keys(late).at(-1)} says in text`,
      [{ status: 200 }, late],
      'still claimed when all are answered, and not used: 409 TICKET_BUSY',
    ]),
    ...[
      {},
      { body: '<p>Come later</p>' },
      { body: {} },
      { body: { errorCode: 7 } },
      { text: 'TICKET_BUSY' },
    ].map((late): [string, unknown[], string] => [
      `409 without a code at last: ${JSON.stringify(late)}`,
      [{ status: 200 }, { status: 409, ...late }],
      'one more request afterwards may have found the ticket still claimed: 409, without an errorCode',
    ]),
    [
      'links that are followed',
      [{ status: 401, body: { errorCode: 'TICKET_MISSING' } }],
      'send the credentials in the header Authorization',
    ],
    [
      'supertest’s expect()',
      [{ status: 200 }, new Error('expected 200 "OK", got 403 "Forbidden"')],
      'Leave expect() out of send',
    ],
    ['redirects of a link', [{ status: 303 }], 'send the credentials in the header Authorization'],
  ])('rejects %s', async (_, answers, expected) => {
    const error = await told(...answers);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toContain(`expectSingleUse():\n`);
    expect(String(error)).toContain(expected);
  });

  it('rejects a request without an answer, with its error as the cause', async () => {
    const cause = new TypeError('fetch failed', {
      cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
    });
    const error = await told({ status: 200 }, cause, used);
    expect(String(error)).toContain('1 × no answer (fetch failed, ECONNREFUSED)');
    expect(String(error)).toContain('await app.listen(0)');
    expect((error as Error).cause).toBe(cause);
  });

  it('tells the tickets of several guests apart', async () => {
    const good = answering({ status: 200 }, used);
    const bad = answering({ status: 200 }, { status: 200 }, used);
    const error = await expectSingleUse([good.send, bad.send], { parallel: 4 }).catch(String);
    expect(error).toContain('\nticket 2: 2 of 4');
    expect(error).not.toContain('ticket 1');
    expect([good.sent(), bad.sent()]).toEqual([5, 5]);
  });

  it.each([
    [() => expectSingleUse(undefined as never), 'send must be a function'],
    [() => expectSingleUse([]), 'send must be a function'],
    [
      () => expectSingleUse(answering(used).send, { parallel: 1 }),
      'parallel must be a whole number from 2 to 1000',
    ],
    [() => expectSingleUse(answering(used).send, { times: 2 } as never), "'times' is unknown"],
    [
      () => expectSingleUse(async () => 'Welcome'),
      'must resolve to a response with a number from 100 to 599',
    ],
    [
      () => expectSingleUse(async () => ({ status: NaN })),
      'a number from 100 to 599 as its status or statusCode',
    ],
    [() => expectSingleUse(async () => ({ status: 0 })), 'a number from 100 to 599'],
    [() => expectSingleUse(answering(used).send, null as never), 'the input must be an object, not null'],
    [() => expectSingleUse(async () => undefined), 'must resolve to a response'],
  ])('refuses other arguments: %#', async (call, expected) => {
    const error = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TicketInputError);
    expect(String(error)).toContain(expected);
  });

  it('reads the responses of fetch and supertest', async () => {
    const app = await startNestApp(adapterNamed('Express'), metadata);
    const { port } = app.getHttpServer().address() as AddressInfo;
    const first = await authorize(app.get(TicketService));
    await expectSingleUse(() => fetch(`http://127.0.0.1:${port}/louvre`, { headers: first }));
    const all = expectSingleUse(() => fetch(`http://127.0.0.1:${port}/louvre`, { headers: first }));
    await expect(all).rejects.toThrow('0 of 20 parallel requests succeeded, not 1: 20 × 403 TICKET_USED');
    const second = await authorize(app.get(TicketService));
    await expectSingleUse(() => request(app).get('/louvre').set(second));
  });

  it('reads the responses of inject()', async () => {
    const testing = await Test.createTestingModule(metadata).compile();
    const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), {
      logger: false,
    });
    afterwards(() => app.close());
    await app.init();
    const headers = await authorize(app.get(TicketService));
    await expectSingleUse(() => app.inject({ url: '/louvre', headers }));
    const all = expectSingleUse(() => app.inject({ url: '/louvre', headers }));
    await expect(all).rejects.toThrow('20 × 403 TICKET_USED');
  });

  it('reads a response of fetch that send has read itself', async () => {
    const reading = (...answers: [number, object][]) => {
      const { send } = answering(...answers);
      return async () => {
        const [status, body] = (await send()) as [number, object];
        const response = Response.json(body, { status });
        await response.json();
        return response;
      };
    };
    await expectSingleUse(reading([200, {}], [403, used.body]));
    const late = expectSingleUse(reading([200, {}], [409, used.body]));
    await expect(late).rejects.toThrow('resolve to the response, its body unread');
  });

  it('waits for no end of a success', async () => {
    const { send } = answering({ status: 200 }, used);
    const endless = async () => {
      const { status, body } = (await send()) as typeof used;
      return status === 200 ? new Response(new ReadableStream()) : Response.json(body, { status });
    };
    await expectSingleUse(endless);
  });

  it('takes no page about a claimed ticket for that about a used one', async () => {
    @Controller()
    class ForgetsToStamp {
      constructor(private readonly tickets: TicketService) {}

      @Get('louvre')
      @InvitationRequired('louvre', 'visit')
      async visit(@Invitation() ticket: Ticket): Promise<string> {
        await this.tickets.claim(ticket);
        return 'Welcome';
      }
    }
    const app = await startNestApp(adapterNamed('Express'), { ...metadata, controllers: [ForgetsToStamp] });
    const headers = { ...(await authorize(app.get(TicketService))), accept: 'text/html' };
    const visit = expectSingleUse(() => request(app).get('/louvre').set(headers));
    await expect(visit).rejects.toThrow(
      'one more request afterwards may have found the ticket still claimed: 409',
    );
  });

  it('names what a server that closes connections does', async () => {
    const server = createServer(({ socket }) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    afterwards(() => server.close());
    const { port } = server.address() as AddressInfo;
    const error = await expectSingleUse(() => fetch(`http://127.0.0.1:${port}`), { parallel: 2 }).catch(
      String,
    );
    expect(error).toContain(
      '2 of 2 were neither a success nor refused (403, 409): 2 × no answer (fetch failed',
    );
  });
});
