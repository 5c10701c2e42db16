import type { EntitySubscriberInterface, QueryRunner } from 'typeorm';

/** What is to be done once a transaction is written for good, and how deep in its savepoints that was said. */
interface Pending {
  readonly effect: () => void;
  depth: number;
}

// On the query runner, where its transaction is; `data` is TypeORM's place for what subscribers are to know.
const PENDING = Symbol('ticket-office:after-commit');

/** Of TypeORM's runners: 1 in a transaction, 2 in a savepoint of it, and so on. */
const depthOf = (runner: QueryRunner): number =>
  (runner as { transactionDepth?: number }).transactionDepth ?? 1;
const pendingOf = (runner: QueryRunner): Pending[] =>
  ((runner.data as { [PENDING]?: Pending[] })[PENDING] ??= []);

/** Hears of the end of each transaction. */
const subscriber: EntitySubscriberInterface = {
  afterTransactionStart({ queryRunner }) {
    // What is left of one that ended without TypeORM's knowledge belongs to nobody.
    if (depthOf(queryRunner) === 1) pendingOf(queryRunner).length = 0;
  },

  afterTransactionCommit({ queryRunner }) {
    const pending = pendingOf(queryRunner);
    const depth = depthOf(queryRunner);
    if (queryRunner.isTransactionActive) {
      // A savepoint that is released belongs to what is around it.
      for (const one of pending) one.depth = Math.min(one.depth, depth);
    } else for (const { effect } of pending.splice(0)) effect();
  },

  afterTransactionRollback({ queryRunner }) {
    const pending = pendingOf(queryRunner);
    const depth = queryRunner.isTransactionActive ? depthOf(queryRunner) : 0;
    pending.splice(0, Infinity, ...pending.filter((one) => one.depth <= depth));
  },
};

/**
 * Does something once all that the query runner has written so far is committed: at once without a transaction, and
 * never when that rolls back.
 *
 * @param effect must not throw
 */
export function afterCommit(runner: QueryRunner | undefined, effect: () => void): void {
  if (!runner?.isTransactionActive) return effect();
  const { subscribers } = runner.dataSource;
  // First of all: one of the app's that throws would keep it from hearing.
  if (!subscribers.includes(subscriber)) subscribers.unshift(subscriber);
  pendingOf(runner).push({ effect, depth: depthOf(runner) });
}
