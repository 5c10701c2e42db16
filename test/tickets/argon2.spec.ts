import { Logger } from '@nestjs/common';
import { TicketOfficeBusyError } from 'nestjs-ticketoffice';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Argon2 } from '../../lib/tickets/argon2.js';
import { barrier } from '../support/barrier.js';
import { COST } from './verifiers.js';

const held = { door: barrier(), running: 0, most: 0 };

// Held where it would hash: how many do is seen, and nothing takes long.
vi.mock('argon2', async (importOriginal) => ({
  ...(await importOriginal<typeof import('argon2')>()),
  hash: async () => {
    held.running += 1;
    held.most = Math.max(held.most, held.running);
    await held.door.opened;
    held.running -= 1;
    return 'digest';
  },
}));

afterEach(() => {
  Object.assign(held, { door: barrier(), running: 0, most: 0 });
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const key = Buffer.alloc(32);
const hashAll = (argon2: Argon2, count: number) =>
  Promise.allSettled(Array.from({ length: count }, () => argon2.hash('I love Paris', key)));

describe('argon2', () => {
  it('[G-3] hashes so many at once, lets so many wait, and refuses the rest', async () => {
    const results = hashAll(new Argon2({ ...COST, concurrency: 2, queue: 3 }), 10);
    held.door.open();
    const outcomes = (await results).map((result) =>
      result.status === 'fulfilled' ? result.value : (result.reason as unknown),
    );
    expect(outcomes.slice(0, 5)).toEqual(Array(5).fill('digest'));
    expect(outcomes.slice(5)).toEqual(Array(5).fill(expect.any(TicketOfficeBusyError)));
    expect(outcomes[5]).toMatchObject({
      cause: { message: expect.stringMatching(/raise argon2.queue/) as string },
    });
    expect(held.most).toBe(2);
  });

  it('leaves a thread of Node.js free, and says so where more was asked for', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    vi.stubEnv('UV_THREADPOOL_SIZE', '3');
    const results = hashAll(new Argon2({ ...COST, concurrency: 5, queue: 10 }), 8);
    held.door.open();
    await results;
    expect(held.most).toBe(2);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/^argon2\.concurrency is 5, .*2 .*UV_THREADPOOL_SIZE=6/),
    );
  });

  it('says nothing where there are threads enough', () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    vi.stubEnv('UV_THREADPOOL_SIZE', '6');
    expect(new Argon2({ ...COST, concurrency: 5, queue: 10 })).toBeDefined();
    expect(warn).not.toHaveBeenCalled();
  });
});
