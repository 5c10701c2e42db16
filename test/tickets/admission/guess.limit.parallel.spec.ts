import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import { TicketBusyError, type TicketEvent } from 'nestjs-ticketoffice';
import { afterEach, expect, it, vi } from 'vitest';
import { aroundQueries } from '../../support/around-queries.js';
import { barrier, rendezvous } from '../../support/barrier.js';
import { eachDatabase, eachServer } from '../../support/databases.js';
import { startOffice, rawRow, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const PASSWORD = 'I love Paris';
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';

const isReserving = (sql: string): boolean => /attempts\S* \+ 1/.test(sql);
const isGivingBack = (sql: string): boolean => /attempts\S* - 1/.test(sql);

const issue = async ({ tickets }: TicketOffice) =>
  (await tickets.issue({ ...visit, password: PASSWORD })).credentials.uuid;
/** Who is admitted, or why not. */
const show = ({ tickets }: TicketOffice, uuid: string, password: string): Promise<string> =>
  tickets.authenticate({ uuid, password }, 'louvre', 'visit').then(
    (ticket) => ticket.uuid,
    (error: { code: string }) => error.code,
  );
const showAll = (office: TicketOffice, uuid: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => show(office, uuid, PASSWORD)));

afterEach(() => {
  vi.restoreAllMocks();
});

eachDatabase('Guesses at once', (database) => {
  it.each([
    ['one wrong guess is allowed', 1, 0],
    ['there were wrong ones before', 5, 4],
    ['there are more of them than guesses', 3, 0],
  ])('[G-1] do not refuse each other when all are right, though %s', async (_, maxAttempts, before) => {
    const office = await startOffice(database, { maxAttempts });
    const uuid = await issue(office);
    for (let time = 0; time < before; time += 1) await show(office, uuid, 'wrong');
    expect(await showAll(office, uuid, 6)).toEqual(Array(6).fill(uuid));
    expect((await rawRow(office.dataSource, uuid))['attempts']).toBe(before);
  });

  it('[G-1] do not refuse each other, though the answer to a count comes after a rival has read it', async () => {
    const office = await startOffice(database, { maxAttempts: 1 });
    const uuid = await issue(office);
    const [counted, rivalHasRead] = [barrier(), barrier()];
    let isFirst = true;
    aroundQueries(office.dataSource, async (sql, run) => {
      if (isFirst && isReserving(sql)) {
        isFirst = false;
        const answer = await run();
        counted.open();
        await rivalHasRead.opened;
        return answer;
      }
      const answer = await run();
      // Once the rival has gone as far as it can with the answer.
      if (isReserving(sql)) setImmediate(rivalHasRead.open);
      return answer;
    });
    const first = show(office, uuid, PASSWORD);
    await counted.opened;
    expect(await Promise.all([first, show(office, uuid, PASSWORD)])).toEqual([uuid, uuid]);
  });

  it('[G-1] tell of a lock once, and not while one of them may be right', async () => {
    const office = await startOffice(database);
    const uuid = await issue(office);
    for (let time = 0; time < 3; time += 1) await show(office, uuid, 'wrong');
    const events: TicketEvent['type'][] = [];
    office.tickets.events$.subscribe(({ type }) => events.push(type));
    const [checked, goOn] = [barrier(), barrier()];
    aroundQueries(office.dataSource, async (sql, run) => {
      if (!isGivingBack(sql)) return run();
      checked.open();
      await goOn.opened;
      return run();
    });
    const right = show(office, uuid, PASSWORD);
    await checked.opened;
    await show(office, uuid, 'the fourth, counted as the fifth');
    goOn.open();
    expect(await right).toBe(uuid);
    expect(await show(office, uuid, PASSWORD)).toBe(uuid);
    expect(events).not.toContain('locked');
    await show(office, uuid, 'the fifth');
    expect(events.filter((type) => type === 'locked')).toHaveLength(1);
    expect(await show(office, uuid, PASSWORD)).toBe('TICKET_INVALID');
  });

  it('are told of in the async context of whose they are, waiting or not', async () => {
    const requests = new AsyncLocalStorage<string>();
    const office = await startOffice(database, { maxAttempts: 1, argon2: { concurrency: 1 } });
    const [guessed, other] = [await issue(office), await issue(office)];
    const contexts: unknown[] = [];
    office.tickets.events$.subscribe(({ type }) => contexts.push([type, requests.getStore()]));
    await Promise.all([
      requests.run('the innocent', () => show(office, other, PASSWORD)),
      requests.run('the guesser', () => show(office, guessed, 'wrong')),
    ]);
    expect(contexts).toEqual([
      ['admitted', 'the innocent'],
      ['locked', 'the guesser'],
      ['refused', 'the guesser'],
    ]);
  });

  it('do not hold up a redemption that issues a code', async () => {
    const office = await startOffice(database, { argon2: { concurrency: 1 } });
    const { ticket } = await office.tickets.issue(visit);
    let guess: Promise<string> | undefined;
    const reserving = barrier();
    aroundQueries(office.dataSource, (sql, run) => {
      if (isReserving(sql)) reserving.open();
      return run();
    });
    await office.tickets.redeem(ticket, 'louvre', 'visit', async (_, manager) => {
      guess = show(office, UNKNOWN, 'a guess');
      // On SQLite it waits for the redemption's turn to write before it gets so far.
      if (database.type !== 'better-sqlite3') await reserving.opened;
      await office.tickets.issue({ ...visit, password: { digits: 8 } }, manager);
    });
    expect(await guess).toBe('TICKET_INVALID');
  });

  it('that are right admit though their count cannot be given back, which is logged', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const office = await startOffice(database);
    const uuid = await issue(office);
    aroundQueries(office.dataSource, async (sql, run) => {
      if (isGivingBack(sql)) throw new Error('disk full');
      return run();
    });
    expect(await show(office, uuid, PASSWORD)).toBe(uuid);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(uuid), expect.any(Error));
    expect((await rawRow(office.dataSource, uuid))['attempts']).toBe(1);
  });
});

eachServer('Guesses beside transactions', (database) => {
  it('neither wait for the app’s, which issue codes, nor they for the guesses', async () => {
    const size = 3;
    const pool = { extra: database.type === 'postgres' ? { max: size } : { connectionLimit: size } };
    const office = await startOffice(database, {}, pool);
    const uuid = await issue(office);
    const arrive = rendezvous(size + 1);
    const transactions = Array.from({ length: size }, () =>
      office.dataSource.transaction(async (manager) => {
        await manager.query('SELECT 1');
        await arrive();
        await office.tickets.issue({ ...visit, password: { digits: 8 } }, manager);
      }),
    );
    const guesses = Array.from({ length: 3 }, () => show(office, uuid, 'wrong'));
    await arrive();
    await Promise.all(transactions);
    expect(await Promise.all(guesses)).toEqual(Array(3).fill('TICKET_INVALID'));
  });

  it('do not wait for the end of a redemption that begins meanwhile, and are not admitted by what was before', async () => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const office = await startOffice(database, { argon2: { concurrency: 1 } });
    const [uuid, other] = [await issue(office), await issue(office)];
    const ticket = (await office.tickets.find(uuid))!;
    const [begun, end] = [barrier(), barrier()];
    let redemption: Promise<unknown> | undefined;
    aroundQueries(office.dataSource, async (sql, run) => {
      if (isGivingBack(sql) && !redemption) {
        redemption = office.tickets.redeem(ticket, 'louvre', 'visit', async () => {
          begun.open();
          await end.opened;
        });
        await begun.opened;
      }
      return run();
    });
    const right = office.tickets.authenticate({ uuid, password: PASSWORD }, 'louvre', 'visit');
    await expect(right).rejects.toThrow(TicketBusyError);
    expect(await show(office, other, PASSWORD)).toBe(other);
    end.open();
    await redemption;
  });
});
