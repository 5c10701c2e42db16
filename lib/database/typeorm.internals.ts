import { BaseEntity, DataSource, type EntitySubscriberInterface, type QueryRunner } from 'typeorm';
import { Broadcaster } from 'typeorm/subscriber/Broadcaster.js';

// All that the library uses of TypeORM beyond its documented API. `typeorm.internals.spec.ts` fails by name when a
// version of TypeORM moves one of these.

/** How deep a query runner is in transactions: 0 outside, 1 in a transaction, 2 in a savepoint of it, and so on. */
export function transactionDepthOf(runner: QueryRunner): number {
  const { transactionDepth } = runner as { transactionDepth?: number };
  return transactionDepth ?? Number(runner.isTransactionActive);
}

/** Calls the subscribers with the given query runner, in place of the runner that it belongs to. */
export const broadcasterFor = (runner: QueryRunner): Broadcaster => new Broadcaster(runner);

/** Puts a subscriber before all others: one of the app that throws would keep the later ones from being called. */
export function subscribeFirst(dataSource: DataSource, subscriber: EntitySubscriberInterface): void {
  if (!dataSource.subscribers.includes(subscriber)) dataSource.subscribers.unshift(subscriber);
}

/** Whether an entity is an active record: such a class belongs to the data source that was initialised last. */
export const isActiveRecord = (target: unknown): target is typeof BaseEntity =>
  typeof target === 'function' && target.prototype instanceof BaseEntity;

/** A data source that says when its entities' metadata is built, before it connects any further. */
export abstract class DataSourceWithHook extends DataSource {
  protected override async buildMetadatas(): Promise<void> {
    await super.buildMetadatas();
    this.metadataBuilt();
  }

  protected abstract metadataBuilt(): void;

  /** Takes over the subscribers of another data source, as they are: the app may have added to them. */
  protected shareSubscribersOf({ subscribers }: DataSource): void {
    Object.assign(this, { subscribers });
  }
}
