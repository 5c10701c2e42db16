import { Ticket } from 'nestjs-ticketoffice';
import type { DataSource, QueryRunner } from 'typeorm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { afterCommit, afterEnd } from '../../lib/database/after-commit.js';
import { eachDatabase } from '../support/databases.js';

eachDatabase('What is to be done after a commit', (database) => {
  let dataSource: DataSource;
  let done: string[];
  beforeAll(async () => {
    dataSource = await database.connect({ entities: [Ticket] });
  });
  beforeEach(() => {
    done = [];
  });

  const toDo = (runner: QueryRunner, what: string) => afterCommit(runner, () => done.push(what));
  async function inTransaction(work: (runner: QueryRunner) => Promise<void>) {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await work(runner);
      if (runner.isTransactionActive) await runner.commitTransaction();
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
    }
  }

  it('is done at once where there is no transaction', async () => {
    afterCommit(undefined, () => done.push('nowhere'));
    const runner = dataSource.createQueryRunner();
    toDo(runner, 'alone');
    expect(done).toEqual(['nowhere', 'alone']);
    await runner.release();
  });

  it('is done when the transaction is committed, in order, once', async () => {
    await inTransaction(async (runner) => {
      toDo(runner, 'first');
      toDo(runner, 'second');
      expect(done).toEqual([]);
    });
    expect(done).toEqual(['first', 'second']);
    await inTransaction(async (runner) => toDo(runner, 'third'));
    expect(done).toEqual(['first', 'second', 'third']);
  });

  it('is never done when it is rolled back', async () => {
    await inTransaction(async (runner) => {
      toDo(runner, 'undone');
      await runner.rollbackTransaction();
    });
    await inTransaction(async (runner) => toDo(runner, 'done'));
    expect(done).toEqual(['done']);
  });

  it('is done though a subscriber of the app’s throws after the commit', async () => {
    const app = await database.connect({ entities: [Ticket] });
    const fail = () => {
      throw new Error('a slip of the app');
    };
    app.subscribers.push({ afterTransactionCommit: fail });
    const transaction = app.transaction(async ({ queryRunner }) => toDo(queryRunner!, 'done'));
    await expect(transaction).rejects.toThrow('a slip');
    expect(done).toEqual(['done']);
  });

  it('is done only after the outermost of nested transactions', async () => {
    await inTransaction(async (runner) => {
      toDo(runner, 'outside');
      await runner.startTransaction();
      toDo(runner, 'inside');
      await runner.commitTransaction();
      expect(done).toEqual([]);
    });
    expect(done).toEqual(['outside', 'inside']);
  });

  it('is never done when a transaction around it is rolled back', async () => {
    await inTransaction(async (runner) => {
      toDo(runner, 'outside');
      await runner.startTransaction();
      await runner.startTransaction();
      toDo(runner, 'innermost');
      await runner.commitTransaction();
      await runner.rollbackTransaction();
      toDo(runner, 'after');
    });
    expect(done).toEqual(['outside', 'after']);
  });

  const toEnd = (runner: QueryRunner, what: string) =>
    afterEnd(runner, async (ended) => {
      // Awaited: on the connection of the transaction, which nobody else has by then.
      await ended.query('SELECT 1');
      done.push(`${what} ${ended.isTransactionActive}`);
    });

  it('is done at the end of a transaction, committed or not, and only at that of the outermost', async () => {
    await inTransaction(async (runner) => {
      toEnd(runner, 'outside');
      await runner.startTransaction();
      toEnd(runner, 'inside');
      await runner.rollbackTransaction();
      expect(done).toEqual([]);
      await runner.commitTransaction();
      expect(done).toEqual(['outside false', 'inside false']);
    });
    await inTransaction(async (runner) => {
      toEnd(runner, 'undone');
      await runner.rollbackTransaction();
      expect(done.at(-1)).toBe('undone false');
    });
    expect(done).toHaveLength(3);
  });

  it('leaves a transaction ended whatever fails at its end', async () => {
    await inTransaction(async (runner) => {
      afterEnd(runner, async () => {
        throw new Error('the connection is gone');
      });
      toEnd(runner, 'the next one');
    });
    expect(done).toEqual(['the next one false']);
  });
});
