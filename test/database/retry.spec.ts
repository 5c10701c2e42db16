import { beforeEach, describe, expect, it } from 'vitest';
import {
  DatabaseBusyError,
  DatabaseHeldError,
  RowContestedError,
  RowTakenError,
} from '../../lib/database/fault.js';
import { retry } from '../../lib/database/retry.js';
import { skipRetryWaits } from '../support/retry-waits.js';

const withCode = (code: string) => Object.assign(new Error(code), { code });
const undone = () => withCode('40001');
const lost = () => withCode('ECONNRESET');

/** Fails with these, one after the other, and then succeeds; records what each call was given. */
function attempts(...errors: Error[]) {
  const given: boolean[] = [];
  const attempt = async (isRetry: boolean) => {
    given.push(isRetry);
    const error = errors[given.length - 1];
    if (error) throw error;
    return 'done';
  };
  return { attempt, given };
}

it('A statement waits before it is tried again', async () => {
  const begun = performance.now();
  await retry(attempts(lost(), lost()).attempt);
  // Timers may fire up to a millisecond early.
  expect(performance.now() - begun).toBeGreaterThanOrEqual(15 + 50 - 2);
});

describe('A statement', () => {
  let waits: number[];
  beforeEach(() => {
    waits = skipRetryWaits();
  });

  it('that succeeds is run once', async () => {
    const { attempt, given } = attempts();
    expect(await retry(attempt)).toBe('done');
    expect(given).toEqual([false]);
  });

  it.each([
    ['the server has refused it', undone],
    ['its connection broke', lost],
    ['a transaction holds its row', () => new RowTakenError()],
  ])('is tried three times more, and no more, when %s', async (_, make) => {
    const three = attempts(make(), make(), make());
    expect(await retry(three.attempt)).toBe('done');
    expect(three.given).toHaveLength(4);
    const last = make();
    const four = attempts(make(), make(), make(), last);
    await expect(retry(four.attempt)).rejects.toBe(last);
    expect(four.given).toHaveLength(4);
  });

  it('is tried six times more, and no more, when many write its row', async () => {
    const errors = Array.from({ length: 7 }, () => new RowContestedError());
    const six = attempts(...errors.slice(1));
    expect(await retry(six.attempt)).toBe('done');
    const seven = attempts(...errors);
    await expect(retry(seven.attempt)).rejects.toBe(errors.at(-1));
    expect(seven.given).toHaveLength(7);
  });

  it('is not tried again after its caller has waited in the queue', async () => {
    const held = new DatabaseHeldError();
    const { attempt, given } = attempts(held);
    await expect(retry(attempt)).rejects.toBe(held);
    expect(given).toHaveLength(1);
  });

  it('is tried three times more in all, whatever the errors', async () => {
    const last = lost();
    const { attempt, given } = attempts(undone(), lost(), new RowTakenError(), last);
    await expect(retry(attempt)).rejects.toBe(last);
    expect(given).toHaveLength(4);
  });

  it('may have been run once an answer was lost, and its attempt gets to know, then and ever after', async () => {
    const { attempt, given } = attempts(undone(), lost(), undone());
    await retry(attempt);
    expect(given).toEqual([false, false, true, true]);
  });

  it('has not been run when the server has refused it, and no attempt gets to hear otherwise', async () => {
    const { attempt, given } = attempts(undone(), new RowTakenError(), undone());
    await retry(attempt);
    expect(given).toEqual([false, false, false, false]);
  });

  it('outlasts a locked SQLite file that others use often', async () => {
    const { attempt, given } = attempts(...Array.from({ length: 20 }, () => withCode('SQLITE_BUSY')));
    expect(await retry(attempt)).toBe('done');
    expect(given).toEqual(Array.from({ length: 21 }, () => false));
  });

  it('gives a locked SQLite file up in the end', async () => {
    let tries = 0;
    const busy = new DatabaseBusyError();
    const untiring = retry(() => {
      tries += 1;
      return Promise.reject(busy);
    });
    await expect(untiring).rejects.toBe(busy);
    expect(tries).toBeGreaterThan(100);
    const waited = waits.reduce((sum, wait) => sum + wait, 0);
    expect(waited).toBeGreaterThanOrEqual(5000);
    expect(waited).toBeLessThan(5020);
  });

  it.each([
    ['the server has refused it', undone, [30, 100, 300]],
    ['its connection broke', lost, [30, 100, 300]],
    ['a transaction holds its row', () => new RowTakenError(), [5, 10, 20]],
    ['many write its row', () => new RowContestedError(), [5, 10, 20, 40, 80, 160]],
  ])(
    'waits longer before each retry, between half of the longest and all of it, when %s',
    async (_, make, longest) => {
      await retry(attempts(...longest.map(make)).attempt);
      expect(waits).toHaveLength(longest.length);
      for (const [index, wait] of waits.entries()) {
        expect(wait).toBeGreaterThanOrEqual(longest[index]! / 2);
        expect(wait).toBeLessThanOrEqual(longest[index]!);
      }
    },
  );

  it('is not tried again for an error that would come again', async () => {
    for (const error of [new Error('no such table'), withCode('42P01'), new TypeError('a slip')]) {
      const { attempt, given } = attempts(error, new Error('not this one'));
      await expect(retry(attempt)).rejects.toBe(error);
      expect(given).toHaveLength(1);
    }
  });

  it('is not tried again after a transient error that its caller excludes', async () => {
    const error = lost();
    const { attempt, given } = attempts(undone(), error);
    await expect(retry(attempt, (fault) => fault !== 'lost')).rejects.toBe(error);
    expect(given).toHaveLength(2);
  });
});
