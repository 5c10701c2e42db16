import type { QueryRunner } from 'typeorm';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import { MysqlQueryRunner } from 'typeorm/driver/mysql/MysqlQueryRunner.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { isClaim, isRelease, isStamp } from '../support/statement-kinds.js';
import { reach } from './checkpoints.js';

type Query = (
  this: QueryRunner,
  sql: unknown,
  parameters?: unknown[],
  ...rest: unknown[]
) => Promise<unknown>;

const kinds = {
  claim: isClaim,
  stamp: isStamp,
  release: isRelease,
  commit: (sql: string) => sql === 'COMMIT',
};
const kindOf = (sql: string) =>
  (Object.keys(kinds) as (keyof typeof kinds)[]).find((kind) => kinds[kind](sql));

/** A ticket's uuid is of version 7, a claim's id of version 4. */
const ticketIn = (parameters: unknown[] = []) =>
  parameters.find(
    (value): value is string => typeof value === 'string' && /^[\da-f]{8}-[\da-f]{4}-7/.test(value),
  );

/** The ticket of the transaction that a query runner is in: its COMMIT names no ticket. */
const ticketOfTransaction = new WeakMap<QueryRunner, string>();

// By class, and not by data source: the library may have connections of its own.
for (const { prototype } of [BetterSqlite3QueryRunner, MysqlQueryRunner, PostgresQueryRunner]) {
  const runners = prototype as unknown as { query: Query };
  const query = runners.query;
  runners.query = async function queryBetweenCheckpoints(sql, parameters, ...rest) {
    const run = () => query.call(this, sql, parameters, ...rest);
    const kind = kindOf(String(sql));
    const uuid = ticketIn(parameters) ?? ticketOfTransaction.get(this);
    if (kind === undefined || uuid === undefined) return run();
    if (kind === 'stamp') ticketOfTransaction.set(this, uuid);
    await reach(`before-${kind}`, uuid);
    const result = await run();
    await reach(`after-${kind}`, uuid);
    return result;
  };
}
