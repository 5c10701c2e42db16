import type { EntityManager, QueryRunner } from 'typeorm';
import { Broadcaster } from 'typeorm/subscriber/Broadcaster.js';
import { TransactionOverError } from './fault.js';

/** All that can send something to the database, or change what a query runner takes for its transaction. */
const SENDERS: ReadonlySet<PropertyKey> = new Set([
  'query',
  'stream',
  'startTransaction',
  'commitTransaction',
  'rollbackTransaction',
]);

type Send = (this: QueryRunner, ...args: unknown[]) => Promise<unknown>;

/**
 * A query runner that its owner shares for a while. When that is over, whoever it was shared with can send nothing
 * more: work that nobody has waited for would write to the next transaction, or fail, unseen, in this one, which
 * PostgreSQL then rolls back although it says that it has committed.
 */
export class ScopedQueryRunner {
  /** To be handed to others. */
  readonly manager: EntityManager;
  private readonly sent = new Set<Promise<unknown>>();
  private isOver = false;

  constructor(owned: QueryRunner) {
    const runner = new Proxy(owned, {
      get: (target, name, self: QueryRunner): unknown => {
        if (name === 'manager') return this.manager;
        // Subscribers write through it, too.
        if (name === 'broadcaster') return broadcaster;
        // It is its owner's to give back.
        if (name === 'release') return async () => undefined;
        // Else TypeORM would refuse it in its own words, which do not say what to write.
        if (name === 'isReleased') return false;
        const value: unknown = Reflect.get(target, name, self);
        return SENDERS.has(name) ? this.guarded(value as Send, self) : value;
      },
      // A new manager makes itself that of its runner: it is not to be its owner's.
      set: (target, name, value) => name === 'manager' || Reflect.set(target, name, value),
    });
    const broadcaster = new Broadcaster(runner);
    this.manager = owned.dataSource.createEntityManager(runner);
  }

  /** Waits for what was sent already. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.allSettled(this.sent);
  }

  private guarded(send: Send, runner: QueryRunner) {
    return async (...args: unknown[]): Promise<unknown> => {
      if (this.isOver) throw new TransactionOverError();
      const sending = send.apply(runner, args);
      this.sent.add(sending);
      return sending.finally(() => this.sent.delete(sending));
    };
  }
}
