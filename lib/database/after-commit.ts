import type { EntitySubscriberInterface, QueryRunner } from 'typeorm';
import { dataSourceOf, subscribeFirst, transactionDepthOf } from './typeorm.internals.js';

/** An effect that waits for the commit, and the depth of savepoints in which it was registered. */
interface Pending {
  readonly effect: () => void;
  depth: number;
}

/** What is done with the query runner that has ended the transaction. */
type Ending = (ended: QueryRunner) => Promise<void>;

// Kept on the query runner, like its transaction; `data` is TypeORM's place for what subscribers need.
const PENDING = Symbol('ticket-office:after-commit');
const ENDINGS = Symbol('ticket-office:after-end');

const pendingOf = (runner: QueryRunner): Pending[] =>
  ((runner.data as { [PENDING]?: Pending[] })[PENDING] ??= []);
const endingsOf = (runner: QueryRunner): Ending[] =>
  ((runner.data as { [ENDINGS]?: Ending[] })[ENDINGS] ??= []);

async function end(runner: QueryRunner): Promise<void> {
  if (runner.isTransactionActive) return;
  // The transaction has ended, whatever fails now.
  for (const ending of endingsOf(runner).splice(0)) await ending(runner).catch(() => undefined);
}

/** TypeORM calls it at the end of each transaction and of each savepoint. */
const subscriber: EntitySubscriberInterface = {
  afterTransactionStart({ queryRunner }) {
    // A transaction that ended without TypeORM's knowledge left these behind.
    if (transactionDepthOf(queryRunner) === 1) pendingOf(queryRunner).length = 0;
  },

  afterTransactionCommit({ queryRunner }): Promise<void> {
    const pending = pendingOf(queryRunner);
    const depth = transactionDepthOf(queryRunner);
    if (queryRunner.isTransactionActive) {
      // A released savepoint becomes part of the transaction around it.
      for (const one of pending) one.depth = Math.min(one.depth, depth);
    } else for (const { effect } of pending.splice(0)) effect();
    return end(queryRunner);
  },

  afterTransactionRollback({ queryRunner }): Promise<void> {
    const pending = pendingOf(queryRunner);
    const depth = queryRunner.isTransactionActive ? transactionDepthOf(queryRunner) : 0;
    pending.splice(0, Infinity, ...pending.filter((one) => one.depth <= depth));
    return end(queryRunner);
  },
};

/**
 * Runs an effect once everything is committed that the query runner has written so far: at once outside a transaction,
 * never when the transaction rolls back.
 *
 * @param effect must not throw
 */
export function afterCommit(runner: QueryRunner | undefined, effect: () => void): void {
  if (!runner?.isTransactionActive) return effect();
  subscribeFirst(dataSourceOf(runner), subscriber);
  pendingOf(runner).push({ effect, depth: transactionDepthOf(runner) });
}

/** Runs an effect once the transaction of the query runner has ended, committed or rolled back, and waits for it then. */
export function afterEnd(runner: QueryRunner, effect: Ending): void {
  subscribeFirst(dataSourceOf(runner), subscriber);
  endingsOf(runner).push(effect);
}
