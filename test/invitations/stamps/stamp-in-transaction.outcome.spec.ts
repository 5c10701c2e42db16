import { HttpException, type INestApplication, StreamableFile } from '@nestjs/common';
import type { Server } from 'node:http';
import { concat, of, throwError } from 'rxjs';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { aroundQueries } from '../../support/around-queries.js';
import { barrier } from '../../support/barrier.js';
import { isStamp } from '../../support/statement-kinds.js';
import { eachPlatform } from '../../support/platforms.js';
import { ask, openSocket, queryOf } from '../ask.js';
import { Action, type TransactionApp, startTransactionApp } from '../transaction.app.js';
import { ticketFor } from '../visit.app.js';

type Act = Action['act'];

function fail(error: unknown): never {
  throw error;
}
const teapot = () => new HttpException('I am a teapot', 418);

eachPlatform('the transaction with the stamp around the handler', (database, adapter) => {
  let office: TransactionApp;
  beforeAll(async () => {
    office = await startTransactionApp(adapter, database);
  });
  afterEach(() => {
    Object.assign(office.action, new Action());
  });

  const expectDone = async ({ uuid, row, ran }: Awaited<ReturnType<typeof ticketFor>>) => {
    expect((await row()).usedAt).not.toBeNull();
    expect([ran(), await office.visits(uuid)]).toEqual([1, 1]);
  };
  const expectUndone = async ({ uuid, expectUntouched }: Awaited<ReturnType<typeof ticketFor>>) => {
    await expectUntouched();
    expect(await office.visits(uuid)).toBe(0);
  };

  it('is committed with what the handler has written', async () => {
    const guest = await ticketFor(office);
    office.action.act = async ({ uuid }) => {
      expect(await office.visits(uuid)).toBe(0);
      expect((await guest.row()).usedAt).toBeNull();
      return 'Done';
    };
    expect(await guest.visit('/action')).toMatchObject({ status: 200, body: 'Done' });
    await expectDone(guest);
  });

  const failures: [string, number, Act][] = [
    ['throws an Error', 500, () => fail(new Error('The roof leaks'))],
    ['throws an HttpException', 418, () => fail(teapot())],
    ['rejects', 418, () => Promise.reject(teapot())],
    ['throws undefined', 500, () => fail(undefined)],
    ['returns an Observable that emits and then errors', 418, () => concat(of(1), throwError(teapot))],
    ['sets status 422', 422, (_, __, reply) => (reply.status(422), 'Not like that')],
    ['sets status 400', 400, (_, __, reply) => (reply.status(400), { no: true })],
    ['sends SQL that fails', 500, (_, manager) => manager.query('SELECT * FROM nowhere')],
  ];
  it.each(failures)('[R-7] is rolled back when the handler %s', async (_, status, act) => {
    const guest = await ticketFor(office);
    office.action.act = act;
    expect((await guest.visit('/action')).status).toBe(status);
    expect(guest.ran()).toBe(1);
    await expectUndone(guest);
    office.action.act = () => 'Done';
    expect((await guest.visit('/action')).status).toBe(200);
    expect([(await guest.row()).usedAt, await office.visits(guest.uuid)]).toEqual([expect.any(Number), 1]);
  });

  it('[R-7] answers no success when the handler has ended it', async () => {
    const guest = await ticketFor(office);
    office.action.act = async (_, manager) => {
      await manager.query('ROLLBACK');
      return 'Done';
    };
    const answer = await guest.visit('/action');
    expect({ status: answer.status, ...JSON.parse(answer.body) }).toMatchObject({
      status: 503,
      errorCode: 'TICKET_OFFICE_BUSY',
    });
    await expectUndone(guest);
  });

  it.each([
    ['succeeds', () => 'Done', 1],
    ['fails', () => fail(teapot()), 0],
  ])('[R-7] goes by the handler that %s after the client has hung up', async (_, end, count) => {
    const guest = await ticketFor(office);
    const [entered, gate] = [barrier(), barrier()];
    office.action.act = async () => {
      entered.open();
      await gate.opened;
      return end();
    };
    const gone = nextConnectionGone(office.app);
    const socket = await openSocket(office.app);
    socket.write(
      `POST /action?${queryOf(guest.credentials)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`,
    );
    await entered.opened;
    socket.destroy();
    await gone;
    gate.open();
    office.action.act = () => 'Done';
    await expect.poll(async () => (await guest.visit('/action')).status).toBe(count === 1 ? 403 : 200);
    expect(guest.ran()).toBe(2 - count);
    expect(await office.visits(guest.uuid)).toBe(1);
  });

  it('[R-6] tells the holder that the ticket is used, and leaves it as it is', async () => {
    const guest = await ticketFor(office);
    await guest.visit('/action');
    const used = await guest.row();
    for (const path of ['/action', '/claimed']) {
      const { status, body } = await guest.visit(path);
      expect({ status, ...JSON.parse(body) }).toMatchObject({ status: 403, errorCode: 'TICKET_USED' });
    }
    expect(await guest.row()).toEqual(used);
    await expectDone(guest);
  });

  const outcomes: [string, Act, string][] = [
    ['nothing', () => undefined, ''],
    ['an object', async () => ({ done: true }), '{"done":true}'],
    ['an Observable of several values', () => of('one', 'two', 'three'), 'three'],
    ['a file', () => new StreamableFile(Buffer.from('Mona Lisa')), 'Mona Lisa'],
  ];
  it.each(outcomes)('[R-17] is one for a handler that returns %s', async (_, act, body) => {
    const guest = await ticketFor(office);
    office.action.act = act;
    const statements = await office.log.during(async () => {
      expect(await guest.visit('/action')).toMatchObject({ status: 200, body });
    });
    expect(statements.filter((sql) => sql === 'COMMIT')).toHaveLength(1);
    expect(statements.filter(isStamp)).toHaveLength(1);
    await expectDone(guest);
  });

  it('[R-17] is committed for a handler that answers by itself, and rolled back when that refuses', async () => {
    const [guest, refused] = [await ticketFor(office), await ticketFor(office)];
    office.action.act = (_, __, reply) => {
      reply.status(202);
      reply.send('by hand');
    };
    expect(await guest.visit('/by-hand')).toMatchObject({ status: 202, body: 'by hand' });
    await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
    expect(await office.visits(guest.uuid)).toBe(1);
    office.action.act = (_, __, reply) => {
      reply.status(422);
      reply.send('not like that');
    };
    expect((await refused.visit('/by-hand')).status).toBe(422);
    office.action.act = () => 'Done';
    await expect.poll(async () => (await refused.visit('/action')).status).toBe(200);
    expect(await office.visits(refused.uuid)).toBe(1);
  });

  it('[R-17] is committed before the client has the answer', async () => {
    const other = await startTransactionApp(adapter, database);
    const guest = await ticketFor(other);
    const [committing, gate] = [barrier(), barrier()];
    aroundQueries(other.dataSource, async (sql, run) => {
      if (sql !== 'COMMIT') return run();
      committing.open();
      await gate.opened;
      return run();
    });
    let answered = false;
    const answer = guest.visit('/action').finally(() => (answered = true));
    await committing.opened;
    // A round trip through the same server: an answer on its way would have come by now.
    expect((await ask(other.app, '/unstamped')).status).toBe(200);
    expect(answered).toBe(false);
    gate.open();
    expect((await answer).status).toBe(200);
  });

  it.each(['/action', '/claimed'])(
    '[M-11] makes a handler that asks for %s with its ticket busy',
    async (path) => {
      const guest = await ticketFor(office);
      office.action.act = async () => {
        office.action.act = () => 'Twice';
        const { status, headers } = await guest.visit(path);
        return { status, retry: headers['retry-after'] };
      };
      const answer = await guest.visit('/action');
      expect(answer).toMatchObject({ status: 200, body: '{"status":409,"retry":"1"}' });
      await expectDone(guest);
    },
  );
});

function nextConnectionGone(app: INestApplication): Promise<void> {
  const server = app.getHttpServer() as Server;
  return new Promise((resolve) => {
    server.once('connection', (socket) => socket.once('close', () => resolve()));
  });
}
