import type { DataSource, EntityManager, EntityTarget, QueryRunner } from 'typeorm';
import { Statement, type Value } from '../../database/statement.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { Ticket } from '../ticket.entity.js';
import { NEW_ROW, type TicketRow } from './ticket.row.js';

/** Writes a new row through a manager: TypeORM calls the app's subscribers of the entity then. */
export function insertRow(row: TicketRow, manager: EntityManager): Promise<unknown> {
  // A row has the fields of the entity, whose internals are protected.
  const rows = Ticket as unknown as EntityTarget<TicketRow>;
  const insert = manager.createQueryBuilder().insert().into(rows);
  return insert
    .values(row as never)
    .updateEntity(false)
    .execute();
}

/** What differs between new rows; all else is {@link NEW_ROW}. Eight parameters a row, of the 32,766 that SQLite allows. */
const VALUES: Record<
  Exclude<keyof TicketRow, keyof typeof NEW_ROW | 'unreadable'>,
  (row: TicketRow) => Value
> = {
  uuid: ({ uuid }) => uuid,
  place: ({ place }) => place,
  purpose: ({ purpose }) => purpose,
  subject: ({ subject }) => subject,
  data: ({ data }) => JSON.stringify(data),
  createdAt: ({ createdAt }) => createdAt.getTime(),
  expiresAt: ({ expiresAt }) => expiresAt?.getTime() ?? null,
  verifier: ({ verifier }) => verifier,
};

/** The INSERTs of a data source, by their number of rows. */
const inserts = new WeakMap<DataSource, Map<number, Insert>>();
/** Most INSERTs to keep: an app has a batch size or two, and each of its calls ends with a smaller batch. */
const MOST = 4;

/** Writes new rows in one statement: all of them, or none. */
export async function insertAll(rows: readonly TicketRow[], runner: QueryRunner): Promise<void> {
  await insertOf(rows.length, dataSourceOf(runner)).run(rows, runner);
}

function insertOf(count: number, dataSource: DataSource): Insert {
  const known = inserts.get(dataSource) ?? new Map<number, Insert>();
  inserts.set(dataSource, known);
  const insert = known.get(count) ?? new Insert(count, dataSource);
  // The one that was used last is kept longest.
  known.delete(count);
  known.set(count, insert);
  if (known.size > MOST) known.delete([...known.keys()][0]!);
  return insert;
}

/** One INSERT of so many rows. */
class Insert {
  private readonly statement: Statement<string>;
  /** What each parameter is read from: the rows, by their index. */
  private readonly readers = new Map<string, (rows: readonly TicketRow[]) => Value>();

  constructor(count: number, dataSource: DataSource) {
    const rows = Array.from({ length: count }, (_, index) => this.row(index));
    const builder = dataSource.createQueryBuilder().insert().into(Ticket).values(rows).updateEntity(false);
    this.statement = new Statement(dataSource, builder, [...this.readers.keys()]);
  }

  async run(rows: readonly TicketRow[], runner: QueryRunner): Promise<void> {
    await this.statement.run((name) => this.readers.get(name)!(rows), runner);
  }

  /** A row of the statement, as SQL. */
  private row(index: number): Record<string, () => string> {
    const row: Record<string, () => string> = {};
    for (const [column, value] of Object.entries(NEW_ROW)) row[column] = () => String(value ?? 'NULL');
    for (const [column, read] of Object.entries(VALUES)) {
      const name = `${column}_${index}`;
      this.readers.set(name, (rows) => read(rows[index]!));
      row[column] = () => `:${name}`;
    }
    return row;
  }
}
