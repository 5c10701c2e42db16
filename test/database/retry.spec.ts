import { describe, expect, it } from 'vitest';
import {
  DatabaseBusyError,
  DatabaseHeldError,
  RowContestedError,
  RowTakenError,
} from '../../lib/database/fault.js';
import { retry } from '../../lib/database/retry.js';

const withCode = (code: string) => Object.assign(new Error(code), { code });
const undone = () => withCode('40001');
const lost = () => withCode('ECONNRESET');

/** Fails with these, one after the other, and then succeeds; keeps what it was told each time. */
function attempts(...errors: Error[]) {
  const told: boolean[] = [];
  const attempt = async (again: boolean) => {
    told.push(again);
    const error = errors[told.length - 1];
    if (error) throw error;
    return 'done';
  };
  return { attempt, told };
}

describe('A statement', () => {
  it('that succeeds is run once', async () => {
    const { attempt, told } = attempts();
    expect(await retry(attempt)).toBe('done');
    expect(told).toEqual([false]);
  });

  it.each([
    ['the server has refused it', undone],
    ['its connection broke', lost],
    ['a transaction holds its row', () => new RowTakenError()],
  ])('is tried three times more, and no more, when %s', async (_, make) => {
    const three = attempts(make(), make(), make());
    expect(await retry(three.attempt)).toBe('done');
    expect(three.told).toHaveLength(4);
    const last = make();
    const four = attempts(make(), make(), make(), last);
    await expect(retry(four.attempt)).rejects.toBe(last);
    expect(four.told).toHaveLength(4);
  });

  it('is tried six times more, and no more, when many write its row', async () => {
    const errors = Array.from({ length: 7 }, () => new RowContestedError());
    const six = attempts(...errors.slice(1));
    expect(await retry(six.attempt)).toBe('done');
    const seven = attempts(...errors);
    await expect(retry(seven.attempt)).rejects.toBe(errors.at(-1));
    expect(seven.told).toHaveLength(7);
  });

  it('is not tried again for who was in line already', async () => {
    const held = new DatabaseHeldError();
    const { attempt, told } = attempts(held);
    await expect(retry(attempt)).rejects.toBe(held);
    expect(told).toHaveLength(1);
  });

  it('is tried three times more in all, whatever the faults', async () => {
    const last = lost();
    const { attempt, told } = attempts(undone(), lost(), new RowTakenError(), last);
    await expect(retry(attempt)).rejects.toBe(last);
    expect(told).toHaveLength(4);
  });

  it('is told that it may have been run, once an answer was lost, and ever after', async () => {
    const { attempt, told } = attempts(undone(), lost(), undone());
    await retry(attempt);
    expect(told).toEqual([false, false, true, true]);
  });

  it('is never told so for what the server has refused', async () => {
    const { attempt, told } = attempts(undone(), new RowTakenError(), undone());
    await retry(attempt);
    expect(told).toEqual([false, false, false, false]);
  });

  it('outlasts a locked SQLite file that others use often', async () => {
    const { attempt, told } = attempts(...Array.from({ length: 20 }, () => withCode('SQLITE_BUSY')));
    expect(await retry(attempt)).toBe('done');
    expect(told).toEqual(Array.from({ length: 21 }, () => false));
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
  });

  it('is not tried again for an error that would come again', async () => {
    for (const error of [new Error('no such table'), withCode('42P01'), new TypeError('a slip')]) {
      const { attempt, told } = attempts(error, new Error('not this one'));
      await expect(retry(attempt)).rejects.toBe(error);
      expect(told).toHaveLength(1);
    }
  });

  it('is not tried again for a fault that its caller does not want it for', async () => {
    const error = lost();
    const { attempt, told } = attempts(undone(), error);
    await expect(retry(attempt, (fault) => fault !== 'lost')).rejects.toBe(error);
    expect(told).toHaveLength(2);
  });
});
