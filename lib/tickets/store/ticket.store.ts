import { Injectable } from '@nestjs/common';
import type { EntityManager, QueryRunner, SelectQueryBuilder } from 'typeorm';
import { isDuplicateRow } from '../../database/constraint.error.js';
import { lockUntilEnd } from '../../database/named-lock.js';
import type { Statement, Values } from '../../database/statement.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import type { Ticket } from '../ticket.entity.js';
import { withoutColumn } from './database.errors.js';
import { insertAll, insertRow } from './insert.statements.js';
import { asWritten } from './own-columns.js';
import { TicketDatabase } from './ticket.database.js';
import {
  type NewRow,
  noRow,
  rowOf,
  type TicketRow,
  namedRows,
  type NamedTicket,
  namedTicket,
} from './ticket.row.js';
import type { TicketStatements } from './ticket.statements.js';
import { UnreadableLog } from './unreadable.log.js';

type Name = keyof TicketStatements;
type ParametersOf<N extends Name> = TicketStatements[N] extends Statement<infer P> ? P : never;
/** The statements that skip a row that a transaction holds, rather than wait for it. */
type Untaken = 'claim' | 'reserveGuess' | 'returnGuess';
/** The values of a statement's parameters; `again` comes from the store. */
export type Given<N extends Name> = Values<Exclude<ParametersOf<N>, 'again'>>;

/** Reads and writes the tickets' rows. */
@Injectable()
export class TicketStore {
  private readonly unreadable = new UnreadableLog();

  constructor(private readonly database: TicketDatabase) {}

  /** @throws TicketInputError for a manager through which the call cannot write tickets */
  assertManager(call: string, manager: unknown): void {
    this.database.assertManager(call, manager);
  }

  /**
   * Runs a conditional update: in the transaction of `manager`, if any, and then only once.
   *
   * @returns whether it was won: it affected exactly one row
   */
  async win<N extends Name>(name: N, given: Given<N>, manager?: EntityManager): Promise<boolean> {
    const { statements } = await this.database.open();
    const statement = statements[name] as Statement<string>;
    const runner = manager?.queryRunner;
    if (runner) return statement.win({ ...given, again: 0 }, runner);
    return this.database.run(
      'write',
      (own, _, isRetry) => statement.win({ ...given, again: Number(isRetry) }, own),
      statement.traits,
    );
  }

  /**
   * The same in one try, which throws transient errors as they come, and does not wait for a transaction on the row.
   *
   * @param isRetry whether an earlier try may have succeeded, its answer lost
   */
  tryToWin<N extends Untaken>(name: N, given: Given<N>, isRetry = false): Promise<boolean> {
    const { uuid } = given as Given<Untaken>;
    return this.database.tryToRun(
      'write',
      (runner, statements) =>
        (statements[name] as Statement<string>).win({ ...given, again: Number(isRetry) }, runner),
      uuid as string,
    );
  }

  /**
   * Writes a new row; in the transaction of `manager`, if any.
   *
   * @returns it as the database has it
   */
  async insert(row: TicketRow, manager?: EntityManager): Promise<TicketRow> {
    if (manager?.queryRunner) return insertRow(row, manager);
    const insert = async (runner: QueryRunner) => [await insertRow(row, runner.manager)];
    const [written] = await this.insertOnce([row], insert);
    return written!;
  }

  /**
   * Writes new rows in one statement, of its own: all of them, or none.
   *
   * @param lock the name of a lock that the transaction holds, for {@link present}
   * @returns them as the database has them
   */
  async insertAll(rows: readonly NewRow[], lock?: string): Promise<readonly TicketRow[]> {
    const [{ uuid }] = rows as readonly [NewRow];
    if (lock === undefined) return this.insertOnce(rows, (runner) => insertAll(rows, runner));
    const write = async (runner: QueryRunner, { load }: TicketStatements, isRetry: boolean) => {
      await lockUntilEnd(runner, lock);
      // An earlier try was committed, its answer lost.
      if (isRetry && (await load.run({ uuid }, runner)).records.length > 0) return asWritten(rows, runner);
      return insertAll(rows, runner);
    };
    return this.database.run('transaction', write, { idempotent: true });
  }

  /**
   * Which of these uuids have a row. Waits for the transactions that hold the lock: also for one whose process was killed
   * before the database had its COMMIT done.
   */
  async present(uuids: readonly string[], lock: string): Promise<Map<string, NamedTicket>> {
    const read = async (runner: QueryRunner): Promise<Record<string, unknown>[]> => {
      await lockUntilEnd(runner, lock);
      if (uuids.length === 0) return [];
      const query = namedRows(dataSourceOf(runner), runner);
      return query.where(`${query.escape('uuid')} IN (:...uuids)`, { uuids }).getRawMany();
    };
    const rows = await this.database.run('transaction', read, { idempotent: true });
    return new Map(rows.map(namedTicket).map((ticket) => [ticket.uuid, ticket] as const));
  }

  /**
   * Inserts again where nobody knows whether an earlier try was committed. If it was, its row is there.
   *
   * @param rows which one statement writes
   */
  private insertOnce(
    rows: readonly TicketRow[],
    insert: (runner: QueryRunner) => Promise<readonly TicketRow[]>,
  ): Promise<readonly TicketRow[]> {
    const { uuid } = rows[0]!;
    const write = (runner: QueryRunner, { load }: TicketStatements, isRetry: boolean) =>
      insert(runner).catch(async (error: unknown) => {
        const isOwn = isRetry && isDuplicateRow(error);
        // A unique index of the app's may also have refused it.
        if (!isOwn || (await load.run({ uuid }, runner)).records.length === 0) throw error;
        return asWritten(rows, runner);
      });
    return this.database.run('write', write, { idempotent: true });
  }

  /** Reads the rows that a query selects by `wholeRow`. */
  select(query: (runner: QueryRunner) => SelectQueryBuilder<Ticket>): Promise<TicketRow[]> {
    return this.database.run('read', async (runner) => {
      const records = await query(runner).getRawMany<Record<string, unknown>>();
      return records.map((record) => this.rowOf(record, runner));
    });
  }

  /** @throws TicketOfficeConfigurationError when the table is missing, or one of its columns */
  check(): Promise<void> {
    return this.database.run('read', async (runner) => {
      await noRow(dataSourceOf(runner), runner)
        .getRawMany()
        .catch((error: unknown) => {
          throw withoutColumn(error);
        });
    });
  }

  /** Counts the rows that a query selects by `wholeRow`. */
  count(query: (runner: QueryRunner) => SelectQueryBuilder<Ticket>): Promise<number> {
    return this.database.run('read', async (runner) => {
      const found = await query(runner).select('COUNT(*)', 'count').getRawOne<{ count: unknown }>();
      // Some drivers hand it over as text, or as bigint.
      return Number(found!.count);
    });
  }

  /**
   * A row that was written just now, with what the database has made of the app's own columns: the version, for example.
   * What fails here changes nothing: it is written.
   */
  async withOwn(row: TicketRow, manager?: EntityManager): Promise<TicketRow> {
    const read = async (runner: QueryRunner) => (await asWritten([row], runner))[0]!;
    if (row.own === undefined) return row;
    if (manager?.queryRunner) return read(manager.queryRunner);
    return this.database.run('read', read, { row: row.uuid }).catch(() => row);
  }

  /** Reads a row, internals included, as far as it can be read; `undefined` when there is none. */
  load(uuid: string, manager?: EntityManager): Promise<TicketRow | undefined> {
    return this.read('load', uuid, manager);
  }

  /** The same, once no transaction holds the row any more. */
  loadSettled(uuid: string): Promise<TicketRow | undefined> {
    return this.read('loadSettled', uuid);
  }

  private async read(
    name: 'load' | 'loadSettled',
    uuid: string,
    manager?: EntityManager,
  ): Promise<TicketRow | undefined> {
    const query = async (runner: QueryRunner, statements: TicketStatements) => {
      const [record] = (await statements[name].run({ uuid }, runner)).records;
      return record && this.rowOf(record, runner);
    };
    if (manager?.queryRunner) return query(manager.queryRunner, (await this.database.open()).statements);
    return this.database.run('read', query, { row: uuid });
  }

  private rowOf(record: Record<string, unknown>, runner: QueryRunner): TicketRow {
    const row = rowOf(record, dataSourceOf(runner));
    this.unreadable.add(row);
    return row;
  }
}
