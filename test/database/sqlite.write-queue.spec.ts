import { afterEach, describe, expect, it, vi } from 'vitest';
import { DatabaseHeldError, RowTakenError } from '../../lib/database/fault.js';
import { SqliteWriteQueue } from '../../lib/database/sqlite.write-queue.js';

const transactionOn = (row: string) => ({ row, isTransaction: true });
const statementOn = (row = 'any') => ({ row, isTransaction: false });

describe('In the line of those who write', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Takes turns; the names of those who have them come to the order, and transactions pass on at once. */
  const takeTurns = (line: SqliteWriteQueue, order: string[], turns: ReturnType<typeof transactionOn>[]) =>
    Promise.all(
      turns.map(async (turn) => {
        await line.take(turn);
        order.push(turn.row);
        if (turn.isTransaction) line.pass();
      }),
    );

  it('the first does not wait', async () => {
    const line = new SqliteWriteQueue();
    await line.take(transactionOn('a'));
    line.pass();
    await line.take(statementOn());
  });

  it('each has a turn, in the order of their coming', async () => {
    const line = new SqliteWriteQueue();
    await line.take(transactionOn('first'));
    const order: string[] = [];
    const turns = [
      transactionOn('a'),
      statementOn('b'),
      statementOn('c'),
      transactionOn('d'),
      statementOn('e'),
    ];
    const all = takeTurns(line, order, turns);
    line.pass();
    await all;
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('nobody who comes while it moves on goes before those who wait', async () => {
    const line = new SqliteWriteQueue();
    await line.take(transactionOn('first'));
    const order: string[] = [];
    const waiting = takeTurns(line, order, [statementOn('a'), transactionOn('b')]);
    line.pass();
    await Promise.all([waiting, takeTurns(line, order, [transactionOn('late'), statementOn('last')])]);
    expect(order).toEqual(['a', 'b', 'late', 'last']);
  });

  it('single statements do not wait for each other', async () => {
    const line = new SqliteWriteQueue();
    await line.take(statementOn('a'));
    await line.take(statementOn('a'));
    await line.take(transactionOn('a'));
  });

  it('nobody waits for a transaction on the row that they want', async () => {
    const line = new SqliteWriteQueue();
    await line.take(transactionOn('a'));
    await expect(line.take(transactionOn('a'))).rejects.toThrow(RowTakenError);
    await expect(line.take(statementOn('a'))).rejects.toThrow(RowTakenError);
    expect([line.isTaken('a'), line.isTaken('b'), line.isTaken(undefined)]).toEqual([true, false, false]);
  });

  it('nor goes on waiting when one begins', async () => {
    const line = new SqliteWriteQueue();
    await line.take(transactionOn('first'));
    const winner = line.take(transactionOn('a'));
    const losers = [line.take(transactionOn('a')), line.take(statementOn('a'))];
    const other = line.take(statementOn('b'));
    line.pass();
    await winner;
    for (const loser of losers) await expect(loser).rejects.toThrow(RowTakenError);
    line.pass();
    await other;
  });

  it('whoever waits for 5 s while nothing moves is told so, and out of the line', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const line = new SqliteWriteQueue();
    await line.take(transactionOn('stuck'));
    const waiting = line.take(statementOn());
    const told = expect(waiting).rejects.toThrow(DatabaseHeldError);
    await vi.advanceTimersByTimeAsync(5000);
    await told;
    line.pass();
    await line.take(statementOn());
  });

  it('nobody is told so while it moves, however long it is', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const line = new SqliteWriteQueue();
    await line.take(transactionOn('first'));
    const second = line.take(transactionOn('second'));
    const third = line.take(statementOn());
    await vi.advanceTimersByTimeAsync(4000);
    line.pass();
    await vi.advanceTimersByTimeAsync(4000);
    await second;
    line.pass();
    await third;
  });
});
