import { afterEach, describe, expect, it, vi } from 'vitest';
import { DatabaseHeldError, RowTakenError } from '../../lib/database/fault.js';
import { SqliteWriteQueue } from '../../lib/database/sqlite.write-queue.js';

const transactionOn = (row: string) => ({ row, isTransaction: true });
const statementOn = (row = 'any') => ({ row, isTransaction: false });

describe('In the queue of writers', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Takes turns; the names of those who have them come to the order, and transactions pass on at once. */
  const takeTurns = (queue: SqliteWriteQueue, order: string[], turns: ReturnType<typeof transactionOn>[]) =>
    Promise.all(
      turns.map(async (turn) => {
        await queue.enter(turn);
        order.push(turn.row);
        if (turn.isTransaction) queue.leave();
      }),
    );

  it('the first does not wait', async () => {
    const queue = new SqliteWriteQueue();
    await queue.enter(transactionOn('a'));
    queue.leave();
    await queue.enter(statementOn());
  });

  it('each has a turn, in the order of their coming', async () => {
    const queue = new SqliteWriteQueue();
    await queue.enter(transactionOn('first'));
    const order: string[] = [];
    const turns = [
      transactionOn('a'),
      statementOn('b'),
      statementOn('c'),
      transactionOn('d'),
      statementOn('e'),
    ];
    const all = takeTurns(queue, order, turns);
    queue.leave();
    await all;
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('no newcomer goes before those that wait, while it moves on', async () => {
    const queue = new SqliteWriteQueue();
    await queue.enter(transactionOn('first'));
    const order: string[] = [];
    const waiting = takeTurns(queue, order, [statementOn('a'), transactionOn('b')]);
    queue.leave();
    await Promise.all([waiting, takeTurns(queue, order, [transactionOn('late'), statementOn('last')])]);
    expect(order).toEqual(['a', 'b', 'late', 'last']);
  });

  it('single statements do not wait for each other', async () => {
    const queue = new SqliteWriteQueue();
    await queue.enter(statementOn('a'));
    await queue.enter(statementOn('a'));
    await queue.enter(transactionOn('a'));
  });

  it('nobody waits for a transaction on the row that they want', async () => {
    const queue = new SqliteWriteQueue();
    await queue.enter(transactionOn('a'));
    await expect(queue.enter(transactionOn('a'))).rejects.toThrow(RowTakenError);
    await expect(queue.enter(statementOn('a'))).rejects.toThrow(RowTakenError);
    expect([queue.isTaken('a'), queue.isTaken('b'), queue.isTaken(undefined)]).toEqual([true, false, false]);
  });

  it('nor goes on waiting when one begins', async () => {
    const queue = new SqliteWriteQueue();
    await queue.enter(transactionOn('first'));
    const winner = queue.enter(transactionOn('a'));
    const losers = [queue.enter(transactionOn('a')), queue.enter(statementOn('a'))];
    const other = queue.enter(statementOn('b'));
    queue.leave();
    await winner;
    for (const loser of losers) await expect(loser).rejects.toThrow(RowTakenError);
    queue.leave();
    await other;
  });

  it('a writer that waits for 5 s while nothing moves gets an error, and leaves the queue', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const queue = new SqliteWriteQueue();
    await queue.enter(transactionOn('stuck'));
    const waiting = queue.enter(statementOn());
    const told = expect(waiting).rejects.toThrow(DatabaseHeldError);
    await vi.advanceTimersByTimeAsync(5000);
    await told;
    queue.leave();
    await queue.enter(statementOn());
  });

  it('no writer gets it while the queue moves, however long that is', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const queue = new SqliteWriteQueue();
    await queue.enter(transactionOn('first'));
    const second = queue.enter(transactionOn('second'));
    const third = queue.enter(statementOn());
    await vi.advanceTimersByTimeAsync(4000);
    queue.leave();
    await vi.advanceTimersByTimeAsync(4000);
    await second;
    queue.leave();
    await third;
  });
});
