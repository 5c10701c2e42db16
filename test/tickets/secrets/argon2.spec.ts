import { Logger } from '@nestjs/common';
import { TicketOfficeBusyError } from 'nestjs-ticketoffice';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Argon2 } from '../../../lib/tickets/secrets/argon2.js';
import { hashes } from '../../support/held.argon2.js';
import { COST } from './verifiers.js';

vi.mock('argon2', async (importOriginal) => {
  const { heldArgon2 } = await import('../../support/held.argon2.js');
  return heldArgon2(await importOriginal());
});

afterEach(() => {
  hashes.letGo();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const key = Buffer.alloc(32);
/** All of them are asked for before any ends. */
function hashAll(argon2: Argon2, count: number) {
  hashes.hold();
  const all = Promise.allSettled(Array.from({ length: count }, () => argon2.hash('I love Paris', key)));
  hashes.letGo();
  return all;
}

describe('argon2', () => {
  it('[G-3] hashes so many at once, lets so many wait, and refuses the rest', async () => {
    const results = hashAll(new Argon2({ ...COST, concurrency: 2, queue: 3 }), 10);
    const outcomes = (await results).map((result) =>
      result.status === 'fulfilled' ? result.value : (result.reason as unknown),
    );
    expect(outcomes.slice(0, 5)).toEqual(Array(5).fill(expect.stringMatching(/^\$argon2id\$v=19\$m=7168/)));
    expect(outcomes.slice(5)).toEqual(Array(5).fill(expect.any(TicketOfficeBusyError)));
    expect(outcomes[5]).toMatchObject({
      cause: { message: expect.stringMatching(/raise argon2.queue/) as string },
    });
    expect(hashes.most).toBe(2);
  });

  it('leaves a thread of Node.js free, and says so where more was asked for', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    vi.stubEnv('UV_THREADPOOL_SIZE', '3');
    const results = hashAll(new Argon2({ ...COST, concurrency: 5, queue: 10 }), 8);
    await results;
    expect(hashes.most).toBe(2);
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
