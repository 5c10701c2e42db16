import type { DataSource, QueryRunner } from 'typeorm';
import { dataSourceOf } from '../../lib/database/typeorm.internals.js';
import { afterwards } from './suite-scope.js';

type Run = () => Promise<unknown>;
type Query = (this: QueryRunner, ...args: unknown[]) => Promise<unknown>;

/**
 * Puts a function around every statement that the app sends, from now to the end of the test: to hold it up, to spoil
 * it, to change its result. On SQLite that is every statement to the same file, by whatever connection.
 */
export function aroundQueries(
  dataSource: DataSource,
  around: (sql: string, run: Run, parameters: readonly unknown[]) => Promise<unknown>,
) {
  const runners = Object.getPrototypeOf(dataSource.createQueryRunner()) as { query: Query };
  const { query } = runners;
  runners.query = function wrapped(...args) {
    const run = () => query.apply(this, args);
    const parameters = (args[1] ?? []) as readonly unknown[];
    return isOf(this, dataSource) ? around(String(args[0]), run, parameters) : run();
  };
  afterwards(() => {
    runners.query = query;
  });
}

function isOf(runner: QueryRunner, dataSource: DataSource): boolean {
  const own = dataSourceOf(runner);
  const { type, database } = dataSource.options;
  return own === dataSource || (type === 'better-sqlite3' && own.options.database === database);
}
