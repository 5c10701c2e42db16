import { Ticket } from 'nestjs-ticketoffice';
import type { DataSource, QueryRunner } from 'typeorm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { afterCommit } from '../../lib/database/after-commit.js';
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
});
