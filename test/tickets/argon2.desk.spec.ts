import { Logger } from '@nestjs/common';
import { TicketOfficeBusyError } from 'nestjs-ticketoffice';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_COST } from '../../lib/tickets/argon2.cost.js';
import { Argon2Desk } from '../../lib/tickets/argon2.desk.js';
import { threadsForHashing } from '../../lib/tickets/argon2.settings.js';
import { barrier } from '../support/barrier.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const deskOf = (concurrency: number, queue: number) =>
  new Argon2Desk({ ...DEFAULT_COST, concurrency, queue });

/** Asks for turns that last until the barrier opens. */
function crowd(desk: Argon2Desk, size: number) {
  const door = barrier();
  let running = 0;
  let most = 0;
  const turns = Array.from({ length: size }, () =>
    desk.inTurn(async () => {
      running += 1;
      most = Math.max(most, running);
      await door.opened;
      running -= 1;
    }),
  );
  const ends = Promise.allSettled(turns);
  return { open: door.open, ends, running: () => running, most: () => most };
}

/** What has been set going goes as far as it can without us. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('The desk of argon2', () => {
  it('[G-3] gives so many turns at once, lets so many wait, and refuses the rest', async () => {
    const { open, ends, running, most } = crowd(deskOf(2, 3), 10);
    await settled();
    expect(running()).toBe(2);
    open();
    const results = await ends;
    expect(results.map(({ status }) => status)).toEqual([
      ...Array<string>(5).fill('fulfilled'),
      ...Array<string>(5).fill('rejected'),
    ]);
    for (const result of results.slice(5))
      expect(result).toMatchObject({
        reason: { code: 'TICKET_OFFICE_BUSY', cause: { message: /raise argon2.queue/ } },
      });
    expect(most()).toBe(2);
  });

  it('lets nobody wait when the queue is 0', async () => {
    const { open, ends } = crowd(deskOf(1, 0), 2);
    open();
    expect((await ends).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('has turns again once others are over, whatever has become of them', async () => {
    const desk = deskOf(1, 0);
    await expect(desk.inTurn(() => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory');
    await settled();
    expect(await desk.inTurn(async () => 'done')).toBe('done');
  });

  it('[G-3] gives no turn to who has left, and its place in the line to another', async () => {
    const desk = deskOf(1, 1);
    const first = crowd(desk, 1);
    const departure = new AbortController();
    const work = vi.fn(async () => undefined);
    const waiting = desk.inTurn(work, () => departure.signal);
    await expect(desk.inTurn(work)).rejects.toThrow(TicketOfficeBusyError);
    departure.abort();
    await expect(waiting).rejects.toThrow(TicketOfficeBusyError);
    const next = desk.inTurn(async () => 'done');
    first.open();
    expect(await next).toBe('done');
    expect(work).not.toHaveBeenCalled();
  });

  it('gives no turn to who had left before there was a line', async () => {
    const desk = deskOf(1, 1);
    const first = crowd(desk, 1);
    const work = vi.fn(async () => undefined);
    await expect(desk.inTurn(work, () => AbortSignal.abort())).rejects.toThrow(TicketOfficeBusyError);
    first.open();
    await first.ends;
    expect(work).not.toHaveBeenCalled();
  });

  it('[G-3] does not give the turn of who leaves in the midst of it to the next', async () => {
    const desk = deskOf(1, 5);
    const [first, second] = [barrier(), barrier()];
    const order: string[] = [];
    const departure = new AbortController();
    const waited = desk.inTurn(() => first.opened);
    const leaving = desk.inTurn(
      async () => {
        order.push('begun');
        await second.opened;
        order.push('over');
      },
      () => departure.signal,
    );
    const next = desk.inTurn(async () => void order.push('next'));
    first.open();
    await waited;
    await settled();
    departure.abort();
    await settled();
    expect(order).toEqual(['begun']);
    second.open();
    await Promise.all([leaving, next]);
    expect(order).toEqual(['begun', 'over', 'next']);
  });

  it('makes no signal for who need not wait', async () => {
    const leaving = vi.fn(() => new AbortController().signal);
    await deskOf(1, 1).inTurn(async () => undefined, leaving);
    expect(leaving).not.toHaveBeenCalled();
  });

  it('leaves a thread of Node.js free, and says so where more was asked for', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    vi.stubEnv('UV_THREADPOOL_SIZE', '3');
    const { open, ends, most } = crowd(deskOf(5, 10), 8);
    open();
    await ends;
    expect(most()).toBe(2);
    expect(warn).toHaveBeenCalledWith(
      expect.stringMatching(/^argon2\.concurrency is 5, .*2 .*UV_THREADPOOL_SIZE=6/),
    );
  });

  it('says nothing where there are threads enough', () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    vi.stubEnv('UV_THREADPOOL_SIZE', '6');
    deskOf(5, 10);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('The threads for hashing', () => {
  it.each([
    [undefined, 3],
    ['4', 3],
    ['16', 15],
    ['2', 1],
    ['1', 1],
    ['0', 1],
    ['many', 1],
  ])('are, with UV_THREADPOOL_SIZE=%s, %i', (size, threads) => {
    expect(threadsForHashing(size)).toBe(threads);
  });
});
