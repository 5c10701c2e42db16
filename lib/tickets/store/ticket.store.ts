import { Injectable } from '@nestjs/common';
import type { EntityManager, EntityTarget, QueryRunner } from 'typeorm';
import type { Statement, Values } from '../../database/statement.js';
import { Ticket } from '../ticket.entity.js';
import { withRetries, TicketDatabase } from './ticket.database.js';
import { rowOf, type TicketRow } from './ticket.row.js';
import type { TicketStatements } from './ticket.statements.js';

type Name = keyof TicketStatements;
type ParametersOf<N extends Name> = TicketStatements[N] extends Statement<infer P> ? P : never;
/** Those that overlook a row which a transaction holds, rather than wait for it. */
type Untaken = 'claim' | 'reserveGuess' | 'returnGuess' | 'renewVerifier';
/** What a statement is to be given; `again` is for the store to say. */
export type Given<N extends Name> = Values<Exclude<ParametersOf<N>, 'again'>>;

/** The tickets' rows: reads and writes them, and tries again after passing faults. */
@Injectable()
export class TicketStore {
  constructor(private readonly database: TicketDatabase) {}

  /**
   * Runs a conditional update; in the transaction that `manager` is in, if any, and then but once.
   *
   * @returns whether it was won: it affected exactly one row
   */
  async win<N extends Name>(name: N, given: Given<N>, manager?: EntityManager): Promise<boolean> {
    const { statements } = await this.database.open();
    const winOn = (runner: QueryRunner, again = false) => winBy(statements, name, given, again, runner);
    if (manager?.queryRunner) return winOn(manager.queryRunner);
    return withRetries(
      (again) => this.database.withConnection('write', undefined, (runner) => winOn(runner, again)),
      statements[name].traits,
    );
  }

  /**
   * The same in one try, faults and all, and without waiting for a transaction that holds the row.
   *
   * @param again whether an earlier try may have been run already, its answer lost
   */
  tryToWin<N extends Untaken>(name: N, given: Given<N>, again = false): Promise<boolean> {
    const { uuid } = given as Given<Untaken>;
    return this.database.withConnection('write', uuid as string, (runner, statements) =>
      winBy(statements, name, given, again, runner),
    );
  }

  /** Writes a new row; in the transaction that `manager` is in, if any. */
  async insert(row: TicketRow, manager?: EntityManager): Promise<void> {
    if (manager?.queryRunner) return void (await insertBy(manager, row));
    await withRetries(
      () => this.database.withConnection('write', undefined, (runner) => insertBy(runner.manager, row)),
      {},
    );
  }

  /** Reads a row, internals included; `undefined` when there is none. */
  async load(uuid: string, manager?: EntityManager): Promise<TicketRow | undefined> {
    return this.read('load', uuid, manager);
  }

  /** The same, once no transaction holds the row that might still change it. */
  async loadSettled(uuid: string): Promise<TicketRow | undefined> {
    return this.read('loadSettled', uuid);
  }

  private async read(name: 'load' | 'loadSettled', uuid: string, manager?: EntityManager) {
    const query = async (runner: QueryRunner, statements: TicketStatements) => {
      const [record] = (await statements[name].run({ uuid }, runner)).records;
      return record && rowOf(record, runner.dataSource);
    };
    if (manager?.queryRunner) return query(manager.queryRunner, (await this.database.open()).statements);
    return withRetries(() => this.database.withConnection('read', uuid, query), { idempotent: true });
  }
}

function winBy(
  statements: TicketStatements,
  name: Name,
  given: object,
  again: boolean,
  runner: QueryRunner,
): Promise<boolean> {
  const statement = statements[name] as Statement<string>;
  return statement.win({ ...given, again: Number(again) }, runner);
}

function insertBy(manager: EntityManager, row: TicketRow): Promise<unknown> {
  // The entity keeps its internals protected: a row is the same thing, seen from inside.
  const rows = Ticket as unknown as EntityTarget<TicketRow>;
  const insert = manager.createQueryBuilder().insert().into(rows);
  return insert
    .values(row as never)
    .updateEntity(false)
    .execute();
}
