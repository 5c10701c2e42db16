import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Ticket } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { beforeAll, expect, it } from 'vitest';
import { TransactionOverError } from '../../../lib/database/fault.js';
import { eachServer } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { Visit, visitsOf, writeVisit } from '../../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit' };
/** More rows than drivers read ahead, and more bytes than sockets do. */
const ROWS = 20_000;
const LEFT_OPEN = /read it to its end/i;
/** What hangs shall fail soon. */
const SOON = 20_000;

// SQLite's drivers have no streams.
eachServer('[A-6] A stream that is read through the manager of redeem()', (database) => {
  /** Its pool is one connection: whatever a stream leaves on it, the next redemption would meet. */
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, {}, { entities: [Visit], poolSize: 1 });
    const rows = Array.from({ length: ROWS / 20 }, (_, row) => ({ id: `row ${row}`, uuid: 'x'.repeat(36) }));
    await office.dataSource.manager.insert(Visit, rows);
  });

  /** Each row twenty times. */
  const many = 'SELECT visit.* FROM visit, (SELECT 1 FROM visit LIMIT 20) times ORDER BY visit.id';
  const open = (manager: EntityManager): Promise<Readable> => manager.queryRunner!.stream(many);
  const built = (manager: EntityManager): Promise<Readable> =>
    manager.createQueryBuilder(Visit, 'visit').innerJoin(Visit, 'other', 'other.id <> visit.id').stream();

  async function newTicket() {
    const { ticket } = await office.tickets.issue(visit);
    const redeem = <R>(work: (manager: EntityManager, ticket: Ticket) => R | Promise<R>) =>
      office.tickets.redeem(ticket, 'louvre', 'visit', async (admitted, manager) => {
        await writeVisit(manager, ticket.uuid);
        return work(manager, admitted);
      });
    const state = async () => ({
      used: (await office.tickets.find(ticket.uuid))!.used,
      visits: await visitsOf(office.dataSource, ticket.uuid),
    });
    return { redeem, state };
  }

  const left: [string, (manager: EntityManager) => unknown][] = [
    ['returned by the work', open],
    ['made by a query builder', built],
    ['read in part', async (manager) => takeSome(await open(manager))],
    ['not awaited', (manager) => void open(manager).catch(() => undefined)],
    [
      'followed by a statement that waits behind it',
      async (manager) => {
        await open(manager);
        void manager.query('SELECT 1').catch(() => undefined);
      },
    ],
    ['one of two', async (manager) => [await open(manager), await open(manager)]],
    ['opened in a transaction within', (manager) => manager.transaction(open)],
    [
      'opened in a transaction within, whose failure is swallowed',
      (manager) =>
        manager
          .transaction(async (nested) => {
            await open(nested);
            throw new Error('The roof leaks');
          })
          .catch(() => undefined),
    ],
    [
      'piped without waiting for its end',
      async (manager) => {
        void pipeline(await open(manager), slowly()).catch(() => undefined);
      },
    ],
  ];
  it.each(left)('is destroyed, and all is rolled back, when it is %s', { timeout: SOON }, async (_, work) => {
    const { redeem, state } = await newTicket();
    await expect(redeem(work)).rejects.toThrow(LEFT_OPEN);
    await expect.poll(state).toEqual({ used: false, visits: 0 });
    await expect.poll(() => redeem(() => 'done').catch(String)).toBe('done');
    expect(await state()).toEqual({ used: true, visits: 1 });
  });

  it('is destroyed when the work throws, whose error counts', { timeout: SOON }, async () => {
    const { redeem, state } = await newTicket();
    let stream: Readable | undefined;
    const failing = redeem(async (manager) => {
      stream = await open(manager);
      throw new Error('The roof leaks');
    });
    await expect(failing).rejects.toThrow('The roof leaks');
    expect(stream!.destroyed).toBe(true);
    expect(await state()).toEqual({ used: false, visits: 0 });
  });

  const whole: [string, (manager: EntityManager) => Promise<number>][] = [
    ['read to its end', async (manager) => (await (await open(manager)).toArray()).length],
    [
      'read to its end in a transaction within',
      (manager) => manager.transaction(async (nested) => (await (await open(nested)).toArray()).length),
    ],
    [
      'piped to its end',
      async (manager) => {
        let rows = 0;
        const count = new Writable({ objectMode: true, write: (_, __, next) => ((rows += 1), next()) });
        await pipeline(await open(manager), count);
        return rows;
      },
    ],
  ];
  it.each(whole)('is the work’s when it is %s', async (_, read) => {
    const { redeem, state } = await newTicket();
    expect(await redeem(read)).toBeGreaterThanOrEqual(ROWS);
    expect(await state()).toEqual({ used: true, visits: 1 });
  });

  const destroyed: [string, (stream: Readable) => unknown][] = [
    ['left its loop', leaveLoop],
    ['destroyed it unread', (stream) => void stream.destroy()],
  ];
  it.each(destroyed)('is the work’s when the work has %s', { timeout: SOON }, async (_, end) => {
    const { redeem, state } = await newTicket();
    await redeem(async (manager) => end(await open(manager)));
    expect(await state()).toEqual({ used: true, visits: 1 });
  });

  it('leaves no connection behind', { timeout: SOON }, async () => {
    for (let guests = 0; guests < 5; guests += 1) {
      const { redeem } = await newTicket();
      await expect(redeem(open)).rejects.toThrow(LEFT_OPEN);
    }
    const count = database.type === 'postgres' ? POSTGRES_SESSIONS : MARIADB_SESSIONS;
    await expect.poll(async () => Number((await office.dataSource.query(count))[0].sessions)).toBe(1);
  });

  it('and a generator that reads through it later gets an error that says what to write', async () => {
    const { redeem, state } = await newTicket();
    const lazy = await redeem(async function* later(manager) {
      yield await manager.query('SELECT 1');
    });
    await expect(lazy.next()).rejects.toThrow(TransactionOverError);
    expect(await state()).toEqual({ used: true, visits: 1 });
  });
});

const POSTGRES_SESSIONS =
  'SELECT count(*) AS sessions FROM pg_stat_activity WHERE datname = current_database()';
const MARIADB_SESSIONS =
  'SELECT count(*) AS sessions FROM information_schema.processlist WHERE db = database()';

async function takeSome(stream: Readable): Promise<void> {
  const rows = stream[Symbol.asyncIterator]();
  for (let row = 0; row < 10; row += 1) await rows.next();
}

async function leaveLoop(stream: Readable): Promise<void> {
  for await (const row of stream) if (row) break;
}

const slowly = (): Writable =>
  new Writable({ objectMode: true, write: (_, __, next) => void setImmediate(next) });
