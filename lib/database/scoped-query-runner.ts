import type { Readable } from 'node:stream';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { Connection } from './connections.js';
import { saysNoTransaction } from './dialect.js';
import { StreamLeftOpenError, TransactionOverError, transientErrorOf } from './fault.js';
import { OpenStreams } from './open-streams.js';
import { broadcasterFor, dataSourceOf } from './typeorm.internals.js';

/** The methods that send something to the database, or change what a query runner takes for its transaction. */
const SENDERS: ReadonlySet<PropertyKey> = new Set([
  'query',
  'stream',
  'startTransaction',
  'commitTransaction',
  'rollbackTransaction',
]);

/** The shared query runners through which nothing can be sent any more. */
const over = new WeakSet<QueryRunner>();

/** Whether nothing can be sent through a query runner any more: it is released, or was shared and is not any longer. */
export const isOver = (runner: QueryRunner): boolean => runner.isReleased || over.has(runner);

/** Transient errors of statements that were sent through a shared query runner. */
const transient = new WeakSet<object>();

/** Whether this is a transient error at a statement of a shared transaction, which is rolled back then. */
export const isTransientInTransaction = (error: unknown): boolean => transient.has(Object(error));

type Send = (this: QueryRunner, ...args: unknown[]) => Promise<unknown>;

/**
 * A query runner that its owner shares for a while; afterwards nothing can be sent through it. Work that was not awaited
 * would otherwise write to the next transaction, or fail unseen in this one, which PostgreSQL then rolls back although
 * it says that it has committed. A stream that is not read to its end would keep the transaction from ending.
 */
export class ScopedQueryRunner {
  /** The manager to share. */
  readonly manager: EntityManager;
  private readonly sent = new Set<Promise<unknown>>();
  private readonly streams = new OpenStreams();
  private readonly shared: QueryRunner;
  private isCut = false;
  /** Whether MariaDB or MySQL has committed by itself, at DDL for example; the others do not report it. */
  isCommittedEarly = false;

  constructor(private readonly connection: Connection) {
    const owned = connection.queryRunner;
    this.shared = new Proxy(owned, {
      get: (target, name, self: QueryRunner): unknown => {
        if (name === 'manager') return this.manager;
        // Subscribers write through it, too.
        if (name === 'broadcaster') return broadcaster;
        // Only the owner releases it.
        if (name === 'release') return async () => undefined;
        // TypeORM would refuse a released runner in its own words, which do not say what to write.
        if (name === 'isReleased') return false;
        const value: unknown = Reflect.get(target, name, self);
        return SENDERS.has(name) ? this.guarded(name, value as Send, self) : value;
      },
      // A new manager assigns itself to its runner; the owner's manager stays the owner's.
      set: (target, name, value) => name === 'manager' || Reflect.set(target, name, value),
    });
    const broadcaster = broadcasterFor(this.shared);
    this.manager = dataSourceOf(owned).createEntityManager(this.shared);
  }

  /** Waits for the statements that were sent already; all others throw TransactionOverError from now on. */
  async end(): Promise<void> {
    over.add(this.shared);
    await this.cutOff();
    await Promise.allSettled(this.sent);
  }

  /** @throws StreamLeftOpenError when a stream was left open, with which the connection and its transaction have ended */
  assertIntact(): void {
    if (this.isCut) throw new StreamLeftOpenError();
  }

  private guarded(name: PropertyKey, send: Send, runner: QueryRunner) {
    return async (...args: unknown[]): Promise<unknown> => {
      if (over.has(this.shared)) throw new TransactionOverError();
      // The end of a transaction within would wait for the stream, and whatever reads the stream for that end.
      if (name === 'commitTransaction' || name === 'rollbackTransaction') await this.cutOff();
      if (name === 'commitTransaction') this.assertIntact();
      const answer = send.apply(runner, args);
      const sending = name === 'stream' ? this.keep(answer as Promise<Readable>) : answer;
      this.sent.add(sending);
      const result = await sending.catch(noteTransient).finally(() => this.sent.delete(sending));
      this.isCommittedEarly ||= saysNoTransaction(result);
      return result;
    };
  }

  private async keep(opening: Promise<Readable>): Promise<Readable> {
    const stream = await opening;
    this.streams.add(stream);
    if (over.has(this.shared)) await this.cutOff();
    return stream;
  }

  /** Statements would wait behind a stream that nobody reads, ROLLBACK included. */
  private async cutOff(): Promise<void> {
    if (!this.streams.destroy()) return;
    this.isCut = true;
    await this.connection.cut();
  }
}

function noteTransient(error: unknown): never {
  if (transientErrorOf(error)) transient.add(Object(error));
  throw error;
}
