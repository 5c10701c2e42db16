import { AsyncLocalStorage } from 'node:async_hooks';
import { TicketOfficeBusyError } from 'nestjs-ticketoffice';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PasswordQueue } from '../../../lib/tickets/admission/password.queue.js';
import { threadsForHashing } from '../../../lib/tickets/secrets/argon2.settings.js';
import { barrier } from '../../support/barrier.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const lineOf = (concurrency: number, queue: number) => new PasswordQueue({ concurrency, queue });

/** Asks for turns that last until the barrier opens. */
function crowd(line: PasswordQueue, size: number) {
  const door = barrier();
  let running = 0;
  let most = 0;
  const turns = Array.from({ length: size }, () =>
    line.run(async () => {
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

describe('The line of guests', () => {
  it('[G-3] gives so many turns at once, lets so many wait, and refuses the rest', async () => {
    const { open, ends, running, most } = crowd(lineOf(2, 3), 10);
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
    const { open, ends } = crowd(lineOf(1, 0), 2);
    open();
    expect((await ends).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('has turns again once others are over, whatever has become of them', async () => {
    const line = lineOf(1, 0);
    await expect(line.run(() => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory');
    await settled();
    expect(await line.run(async () => 'done')).toBe('done');
  });

  it('[G-3] gives no turn to a guest that has left, and its place in the queue to another', async () => {
    const line = lineOf(1, 1);
    const first = crowd(line, 1);
    const departure = new AbortController();
    const work = vi.fn(async () => undefined);
    const waiting = line.run(work, () => departure.signal);
    await expect(line.run(work)).rejects.toThrow(TicketOfficeBusyError);
    departure.abort();
    await expect(waiting).rejects.toThrow(TicketOfficeBusyError);
    const next = line.run(async () => 'done');
    first.open();
    expect(await next).toBe('done');
    expect(work).not.toHaveBeenCalled();
  });

  it('gives no turn to a guest that had left before there was a queue', async () => {
    const line = lineOf(1, 1);
    const first = crowd(line, 1);
    const work = vi.fn(async () => undefined);
    await expect(line.run(work, () => AbortSignal.abort())).rejects.toThrow(TicketOfficeBusyError);
    first.open();
    await first.ends;
    expect(work).not.toHaveBeenCalled();
  });

  it('[G-3] does not give the turn of a guest that leaves in the midst of it to the next', async () => {
    const line = lineOf(1, 5);
    const [first, second] = [barrier(), barrier()];
    const order: string[] = [];
    const departure = new AbortController();
    const waited = line.run(() => first.opened);
    const leaving = line.run(
      async () => {
        order.push('begun');
        await second.opened;
        order.push('over');
      },
      () => departure.signal,
    );
    const next = line.run(async () => void order.push('next'));
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

  it('makes no signal for a guest that need not wait', async () => {
    const leaving = vi.fn(() => new AbortController().signal);
    await lineOf(1, 1).run(async () => undefined, leaving);
    expect(leaving).not.toHaveBeenCalled();
  });

  it('runs what has waited in the async context of the guest that waits, and not of the one before', async () => {
    const guests = new AsyncLocalStorage<string>();
    const line = lineOf(1, 5);
    const door = barrier();
    const first = guests.run('first', () => line.run(() => door.opened));
    const second = guests.run('second', () => line.run(async () => guests.getStore()));
    door.open();
    await first;
    expect(await second).toBe('second');
  });

  it('has no more turns than hashes may run, and so leaves a thread of Node.js free', async () => {
    vi.stubEnv('UV_THREADPOOL_SIZE', '3');
    const { open, ends, most } = crowd(lineOf(5, 10), 8);
    open();
    await ends;
    expect(most()).toBe(2);
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
