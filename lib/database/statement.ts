import type { DataSource, QueryResult, QueryRunner } from 'typeorm';
import { driverErrorOf } from './driver.error.js';
import { isOwned } from './owned-query-runner.js';
import { PreparedSql } from './prepared-sql.js';

/** What a statement returned: the rows of a SELECT, the count of an UPDATE; `affected` may be missing. */
export interface StatementResult {
  readonly records: readonly Record<string, unknown>[];
  readonly affected: number | undefined;
}

/** The part of a query builder that a statement needs. */
interface Builder {
  setParameters(parameters: Record<string, string>): { getQueryAndParameters(): [string, unknown[]] };
}

export interface StatementTraits {
  /** Whether it may run again when nobody knows whether it ran. */
  readonly idempotent?: boolean;
}

export type Value = string | number | null;
export type Values<P extends string> = Record<P, Value>;

/**
 * SQL that a TypeORM query builder makes once and that runs many times: as portable as the builder, nearly as fast as
 * the bare driver.
 *
 * @typeParam P the names of its parameters, `:name` in the builder's expressions
 */
export class Statement<P extends string> {
  private readonly sql: PreparedSql;
  /** The names of its parameters, in the order of the driver's placeholders. */
  readonly order: readonly P[];

  constructor(
    dataSource: DataSource,
    builder: Builder,
    names: readonly P[],
    readonly traits: StatementTraits = {},
  ) {
    // Each parameter gets its own name as its value: the builder returns them in that order.
    const markers = Object.fromEntries(names.map((name) => [name, name]));
    const [sql, order] = builder.setParameters(markers).getQueryAndParameters();
    this.sql = new PreparedSql(sql, dataSource);
    this.order = order as P[];
  }

  /** @param values one for each parameter; instants in ms */
  run(values: Values<P>, queryRunner: QueryRunner): Promise<StatementResult> {
    const parameters = this.order.map((name) => values[name]);
    return this.runInOrder(parameters, queryRunner);
  }

  /** @param parameters in the {@link order} of the placeholders */
  async runInOrder(parameters: Value[], queryRunner: QueryRunner): Promise<StatementResult> {
    const { records, affected } = await this.send(queryRunner, parameters);
    return { records: (records ?? []) as Record<string, unknown>[], affected: affected ?? undefined };
  }

  /** Runs a conditional update: won when it affected exactly one row, lost when none, or when the driver reports no count. */
  async win(values: Values<P>, queryRunner: QueryRunner): Promise<boolean> {
    return (await this.run(values, queryRunner)).affected === 1;
  }

  private async send(queryRunner: QueryRunner, parameters: Value[]): Promise<QueryResult> {
    const { text } = this.sql;
    const sent = canPrepareOn(queryRunner) ? this.sql.toSend() : text;
    return queryRunner.query(sent, parameters, true).catch((error: unknown) => {
      // A fatal one has ended the connection: nothing ran, and the next try sends the text on another one.
      if (!this.sql.lost(sent, error) || driverErrorOf(error).severity === 'FATAL') throw error;
      return queryRunner.query(text, parameters, true);
    });
  }
}

/**
 * Not in a transaction, which an error would spoil: the statement could not be sent again. The app may have begun one by
 * itself, on a query runner of its own, without TypeORM's knowledge.
 */
const canPrepareOn = (queryRunner: QueryRunner): boolean =>
  isOwned(queryRunner) && !queryRunner.isTransactionActive;
