import type { DataSource, EntityManager } from 'typeorm';
import { isOver } from '../../database/scoped-query-runner.js';
import { appDataSourceOf } from '../../database/sqlite.connections.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { describe } from './rules.js';

/**
 * What is wrong with the manager of a call, and what to write; nothing when it is fine, or left out. With a wrong one,
 * the caller would write outside of its own transaction, or to another database, and not notice.
 *
 * @param tickets the data source with the tickets
 */
export function managerProblem(manager: unknown, tickets: DataSource): string | undefined {
  if (manager === undefined) return undefined;
  if (!isManager(manager)) return `must be the EntityManager of your transaction, not ${describe(manager)}`;
  const { queryRunner: runner } = manager;
  if (![manager, runner ?? manager].every((owner) => isSame(dataSourceOf(owner), tickets))) {
    return 'is of another data source than the tickets: begin the transaction on the data source that TicketOfficeModule uses, or leave the manager out';
  }
  return runner && isOver(runner)
    ? 'is of a transaction that is over: await the call in the work of the transaction'
    : undefined;
}

/**
 * What is wrong with a manager for a call of several statements, which TypeORM has to see as one transaction; nothing when
 * it is fine, or has no connection of its own, so that the call begins a transaction by itself.
 */
export function transactionProblem(manager: EntityManager | undefined): string | undefined {
  const { queryRunner: runner } = manager ?? {};
  return runner && !runner.isTransactionActive
    ? 'is in no transaction: begin it with startTransaction() or dataSource.transaction(), not in SQL, or leave the manager out'
    : undefined;
}

/** Not `instanceof`: an app may have TypeORM twice, and some libraries replace the manager of a transaction. */
function isManager(value: unknown): value is EntityManager {
  const manager = Object(value) as Partial<EntityManager>;
  const dataSource: Partial<DataSource> | undefined = dataSourceOf(manager);
  // A DataSource has both methods, too, but no data source; the query builders and repositories begin no transaction.
  const methods = [manager.createQueryBuilder, manager.transaction];
  return methods.every((method) => typeof method === 'function') && Boolean(dataSource?.driver);
}

/** By their drivers: a library that traces calls may have put a stand-in before a data source, but not before its driver. */
const isSame = (one: DataSource, other: DataSource): boolean => appDataSourceOf(one).driver === other.driver;
