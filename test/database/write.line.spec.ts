import { afterEach, describe, expect, it, vi } from 'vitest';
import { DatabaseHeldError, RowTakenError } from '../../lib/database/database.errors.js';
import { WriteLine } from '../../lib/database/write.line.js';

const transactionOn = (row: string) => ({ row, isTransaction: true });
const statementOn = (row?: string) => ({ row, isTransaction: false });

describe('In the line of those who write', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Names in the order of their turns; each passes on at once. */
  const inOrder = (line: WriteLine, names: string[]) => {
    const order: string[] = [];
    const turns = names.map(async (name) => {
      await line.take(statementOn(name));
      order.push(name);
      line.pass();
    });
    return Promise.all(turns).then(() => order);
  };

  it('the first does not wait', async () => {
    const line = new WriteLine();
    await line.take(transactionOn('a'));
    line.pass();
    await line.take(statementOn());
  });

  it('each has a turn, one at a time, in the order of their coming', async () => {
    const line = new WriteLine();
    await line.take(transactionOn('first'));
    const order = inOrder(line, ['a', 'b', 'c']);
    line.pass();
    expect(await order).toEqual(['a', 'b', 'c']);
  });

  it('nobody who comes while it moves on goes before those who wait', async () => {
    const line = new WriteLine();
    await line.take(transactionOn('first'));
    const waiting = inOrder(line, ['a']);
    line.pass();
    const late = inOrder(line, ['late']);
    const order: string[] = [];
    await Promise.all([waiting.then(() => order.push('a')), late.then(() => order.push('late'))]);
    expect(order).toEqual(['a', 'late']);
  });

  it('nobody waits for a transaction on the row that they want', async () => {
    const line = new WriteLine();
    await line.take(transactionOn('a'));
    await expect(line.take(transactionOn('a'))).rejects.toThrow(RowTakenError);
    await expect(line.take(statementOn('a'))).rejects.toThrow(RowTakenError);
    expect([line.isTaken('a'), line.isTaken('b'), line.isTaken(undefined)]).toEqual([true, false, false]);
  });

  it('nor goes on waiting when one begins', async () => {
    const line = new WriteLine();
    await line.take(statementOn());
    const winner = line.take(transactionOn('a'));
    const losers = [line.take(transactionOn('a')), line.take(statementOn('a'))];
    const other = line.take(statementOn('b'));
    line.pass();
    await winner;
    for (const loser of losers) await expect(loser).rejects.toThrow(RowTakenError);
    line.pass();
    await other;
  });

  it('a single statement on the row is waited for, as any other', async () => {
    const line = new WriteLine();
    await line.take(statementOn('a'));
    const next = line.take(statementOn('a'));
    line.pass();
    await next;
    expect(line.isTaken('a')).toBe(false);
  });

  it('whoever waits for 5 s while nothing moves is told so, and out of the line', async () => {
    vi.useFakeTimers();
    const line = new WriteLine();
    await line.take(transactionOn('stuck'));
    const waiting = line.take(statementOn());
    const told = expect(waiting).rejects.toThrow(DatabaseHeldError);
    await vi.advanceTimersByTimeAsync(5000);
    await told;
    line.pass();
    await line.take(statementOn());
  });

  it('nobody is told so while it moves, however long it is', async () => {
    vi.useFakeTimers();
    const line = new WriteLine();
    await line.take(transactionOn('first'));
    const second = line.take(transactionOn('second'));
    const third = line.take(statementOn());
    await vi.advanceTimersByTimeAsync(4000);
    line.pass();
    await vi.advanceTimersByTimeAsync(4000);
    await second;
    line.pass();
    await vi.advanceTimersByTimeAsync(1);
    await third;
  });
});
