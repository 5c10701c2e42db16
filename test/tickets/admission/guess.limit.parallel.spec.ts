import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import { TicketBusyError, type TicketEvent } from 'nestjs-ticketoffice';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
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
/** The name of the ticket that is admitted, or why none is. */
const present = ({ tickets }: TicketOffice, uuid: string, password: string): Promise<string> =>
  tickets.authenticate({ uuid, password }, 'louvre', 'visit').then(
    (ticket) => ticket.uuid,
    (error: { code: string }) => error.code,
  );
const presentAll = (office: TicketOffice, uuid: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => present(office, uuid, PASSWORD)));

afterEach(() => {
  vi.restoreAllMocks();
});

eachDatabase('Guesses at once', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
  });

  it.each([
    ['one wrong guess is allowed', 1, 0],
    ['there were wrong ones before', 5, 4],
    ['there are more of them than guesses', 3, 0],
  ])('[G-1] do not refuse each other when all are right, though %s', async (_, maxAttempts, before) => {
    const strict = await startOffice(database, { maxAttempts });
    const uuid = await issue(strict);
    for (let time = 0; time < before; time += 1) await present(strict, uuid, 'wrong');
    expect(await presentAll(strict, uuid, 6)).toEqual(Array(6).fill(uuid));
    expect((await rawRow(strict.dataSource, uuid))['attempts']).toBe(before);
  });

  it('[G-1] do not refuse each other, though the answer to a count comes after a rival has read it', async () => {
    const strict = await startOffice(database, { maxAttempts: 1 });
    const uuid = await issue(strict);
    const [counted, rivalHasRead] = [barrier(), barrier()];
    let isFirst = true;
    aroundQueries(strict.dataSource, async (sql, run) => {
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
    const first = present(strict, uuid, PASSWORD);
    await counted.opened;
    expect(await Promise.all([first, present(strict, uuid, PASSWORD)])).toEqual([uuid, uuid]);
  });

  it.each<[string, (sql: string) => boolean]>([
    ['the row that it is counted on', (sql) => sql.startsWith('SELECT')],
    ['that it is not counted', isReserving],
  ])('[G-1] do not refuse each other, though one ends before the other is told %s', async (_, isHeld) => {
    const strict = await startOffice(database, { maxAttempts: 1 });
    const uuid = await issue(strict);
    const [counted, rivalHasAsked, firstHasEnded] = [barrier(), barrier(), barrier()];
    let heldNext = isGivingBack;
    aroundQueries(strict.dataSource, async (sql, run) => {
      if (!heldNext(sql)) return run();
      if (heldNext === isGivingBack) {
        heldNext = isHeld;
        counted.open();
        await rivalHasAsked.opened;
        return run();
      }
      heldNext = () => false;
      const answer = await run();
      rivalHasAsked.open();
      await firstHasEnded.opened;
      return answer;
    });
    const first = present(strict, uuid, PASSWORD);
    await counted.opened;
    const rival = present(strict, uuid, PASSWORD);
    expect(await first).toBe(uuid);
    firstHasEnded.open();
    expect(await rival).toBe(uuid);
  });

  it('[G-1] emit a lock once, and not while one of them may be right', async () => {
    const uuid = await issue(office);
    for (let time = 0; time < 3; time += 1) await present(office, uuid, 'wrong');
    const events: TicketEvent['type'][] = [];
    office.tickets.events$.subscribe(({ type }) => events.push(type));
    const [checked, goOn] = [barrier(), barrier()];
    aroundQueries(office.dataSource, async (sql, run) => {
      if (!isGivingBack(sql)) return run();
      checked.open();
      await goOn.opened;
      return run();
    });
    const right = present(office, uuid, PASSWORD);
    await checked.opened;
    await present(office, uuid, 'the fourth, counted as the fifth');
    goOn.open();
    expect(await right).toBe(uuid);
    expect(await present(office, uuid, PASSWORD)).toBe(uuid);
    expect(events).not.toContain('locked');
    await present(office, uuid, 'the fifth');
    expect(events.filter((type) => type === 'locked')).toHaveLength(1);
    expect(await present(office, uuid, PASSWORD)).toBe('TICKET_INVALID');
  });

  it('emit events in the async context of their requests, waiting or not', async () => {
    const requests = new AsyncLocalStorage<string>();
    const strict = await startOffice(database, { maxAttempts: 1, argon2: { concurrency: 1 } });
    const [guessed, other] = [await issue(strict), await issue(strict)];
    const contexts: unknown[] = [];
    strict.tickets.events$.subscribe(({ type }) => contexts.push([type, requests.getStore()]));
    await Promise.all([
      requests.run('the innocent', () => present(strict, other, PASSWORD)),
      requests.run('the guesser', () => present(strict, guessed, 'wrong')),
    ]);
    expect(contexts).toEqual([
      ['admitted', 'the innocent'],
      ['locked', 'the guesser'],
      ['refused', 'the guesser'],
    ]);
  });

  it('do not hold up a redemption that issues a code', async () => {
    const strict = await startOffice(database, { argon2: { concurrency: 1 } });
    const { ticket } = await strict.tickets.issue(visit);
    let guess: Promise<string> | undefined;
    const reserving = barrier();
    aroundQueries(strict.dataSource, (sql, run) => {
      if (isReserving(sql)) reserving.open();
      return run();
    });
    await strict.tickets.redeem(ticket, 'louvre', 'visit', async (_, manager) => {
      guess = present(strict, UNKNOWN, 'a guess');
      // On SQLite it waits for the redemption's turn to write before it gets so far.
      if (database.type !== 'better-sqlite3') await reserving.opened;
      await strict.tickets.issue({ ...visit, password: { digits: 8 } }, manager);
    });
    expect(await guess).toBe('TICKET_INVALID');
  });

  it('that are right admit though their count cannot be given back, which is logged', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const uuid = await issue(office);
    aroundQueries(office.dataSource, async (sql, run) => {
      if (isGivingBack(sql)) throw new Error('disk full');
      return run();
    });
    expect(await present(office, uuid, PASSWORD)).toBe(uuid);
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
    const guesses = Array.from({ length: 3 }, () => present(office, uuid, 'wrong'));
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
    expect(await present(office, other, PASSWORD)).toBe(other);
    end.open();
    await redemption;
  });
});
