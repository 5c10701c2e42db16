import type { DataSource, EntityManager, QueryResult, QueryRunner } from 'typeorm';
import { PreparedSql } from './prepared.sql.js';

/** What a statement returned: rows of a SELECT, the count of an UPDATE; `affected` may be missing. */
export interface StatementResult {
  readonly records: readonly Record<string, unknown>[];
  readonly affected: number | undefined;
}

/** The part of a query builder that a statement needs. */
interface Builder {
  setParameters(parameters: Record<string, string>): { getQueryAndParameters(): [string, unknown[]] };
}

type Value = string | number | null;

/**
 * SQL that a TypeORM query builder made once and that is run many times: as portable as the builder, nearly as fast
 * as the bare driver.
 *
 * @typeParam P the names of its parameters, `:name` in the builder's expressions
 */
export class Statement<P extends string> {
  private readonly sql: PreparedSql;
  private readonly order: readonly P[];

  constructor(
    private readonly dataSource: DataSource,
    builder: Builder,
    names: readonly P[],
  ) {
    // Each parameter stands for its own name: what the builder hands back is the order of the driver's placeholders.
    const markers = Object.fromEntries(names.map((name) => [name, name]));
    const [sql, order] = builder.setParameters(markers).getQueryAndParameters();
    this.sql = new PreparedSql(sql, dataSource);
    this.order = order as P[];
  }

  /**
   * Runs on the primary, on a connection of its own; or inside the transaction that `manager` is in.
   *
   * @param values one for each parameter; instants in ms
   */
  async run(values: Record<P, Value>, manager?: EntityManager): Promise<StatementResult> {
    if (manager?.queryRunner) return this.query(manager.queryRunner, values);
    const queryRunner = this.dataSource.createQueryRunner('master');
    try {
      return await this.query(queryRunner, values);
    } finally {
      await queryRunner.release();
    }
  }

  /** Runs a conditional update: won when it affected exactly one row; 0, or a driver that does not say, is lost. */
  async win(values: Record<P, Value>, manager?: EntityManager): Promise<boolean> {
    return (await this.run(values, manager)).affected === 1;
  }

  private async query(queryRunner: QueryRunner, values: Record<P, Value>): Promise<StatementResult> {
    const parameters = this.order.map((name) => values[name]);
    const { records, affected } = await this.send(queryRunner, parameters);
    return { records: (records ?? []) as Record<string, unknown>[], affected: affected ?? undefined };
  }

  private async send(queryRunner: QueryRunner, parameters: Value[]): Promise<QueryResult> {
    // Not prepared in a transaction of the app's: any error would spoil it, and it could not be sent again.
    if (queryRunner.isTransactionActive) return queryRunner.query(this.sql.text, parameters, true);
    return queryRunner.query(this.sql.toSend(), parameters, true).catch((error: unknown) => {
      if (!this.sql.lost(error)) throw error;
      return queryRunner.query(this.sql.text, parameters, true);
    });
  }
}
