import type { DataSource, EntityManager, EntityTarget, QueryRunner } from 'typeorm';
import { Statement, type Value } from '../../database/statement.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { asWritten } from './own-columns.js';
import { mappingOf } from './ticket.mapping.js';
import { NEW_ROW, type NewRow, type TicketRow } from './ticket.row.js';

/**
 * Writes a new row through the manager of a query runner: TypeORM calls the app's subscribers of the entity then.
 *
 * @returns it as the database has it, with the defaults of the app's own columns
 */
export async function insertRow<R extends TicketRow>(row: R, manager: EntityManager): Promise<R> {
  // A row has the fields of the entity, whose internals are protected.
  const rows = mappingOf(dataSourceOf(manager)).entity as unknown as EntityTarget<TicketRow>;
  // The app may have a column called json.
  const { own, json: _, ...values } = row as R & Partial<Pick<NewRow, 'json'>>;
  const insert = manager.createQueryBuilder().insert().into(rows);
  await insert
    .values({ ...values, ...own?.values } as never)
    .updateEntity(false)
    .execute();
  const [written] = await asWritten([row], manager.queryRunner!);
  return written!;
}

/** What differs between new rows; all else is {@link NEW_ROW}. Eight parameters a row, of the 32,766 that SQLite allows. */
const VALUES: Record<Exclude<keyof NewRow, keyof typeof NEW_ROW | 'json' | 'own'>, (row: NewRow) => Value> = {
  uuid: ({ uuid }) => uuid,
  place: ({ place }) => place,
  purpose: ({ purpose }) => purpose,
  subject: ({ subject }) => subject,
  data: ({ json }) => json,
  createdAt: ({ createdAt }) => createdAt.getTime(),
  expiresAt: ({ expiresAt }) => expiresAt?.getTime() ?? null,
  verifier: ({ verifier }) => verifier,
};

/** The INSERTs of a data source, by their number of rows. */
const inserts = new WeakMap<DataSource, Map<number, Insert>>();
/** Most INSERTs to keep: an app has a batch size or two, and each of its calls ends with a smaller batch. */
const MOST = 4;

/**
 * Writes new rows in one statement: all of them, or none.
 *
 * @returns them as the database has them, with the defaults of the app's own columns
 */
export async function insertAll(rows: readonly NewRow[], runner: QueryRunner): Promise<readonly NewRow[]> {
  const dataSource = dataSourceOf(runner);
  if (mappingOf(dataSource).own.length > 0) await insertWithOwn(rows, runner);
  else await insertOf(rows.length, dataSource).run(rows, runner);
  return asWritten(rows, runner);
}

/** Which of the app's own columns have a value differs from row to row: TypeORM writes each statement anew. */
async function insertWithOwn(rows: readonly NewRow[], runner: QueryRunner): Promise<void> {
  const dataSource = dataSourceOf(runner);
  const values = rows.map((whole) => {
    const { own, json: _, ...row } = whole;
    return { ...row, ...NEW_SQL, ...own?.values };
  });
  const insert = dataSource.createQueryBuilder().insert().into(mappingOf(dataSource).entity);
  await runner.query(...insert.values(values as never).getQueryAndParameters(), true);
}

/** What all new rows have in common, as SQL, which takes no parameters. */
const NEW_SQL: Record<string, () => string> = Object.fromEntries(
  Object.entries(NEW_ROW).map(([column, value]) => [column, () => String(value ?? 'NULL')]),
);

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

interface Reader {
  readonly index: number;
  readonly read: (row: NewRow) => Value;
}

/** One INSERT of so many rows. */
class Insert {
  private readonly statement: Statement<string>;
  /** What each parameter is read from: a row, by its index. */
  private readonly readers = new Map<string, Reader>();
  /** The same in the order of the driver's placeholders. */
  private readonly order: readonly Reader[];

  constructor(count: number, dataSource: DataSource) {
    const rows = Array.from({ length: count }, (_, index) => this.row(index));
    const builder = dataSource.createQueryBuilder().insert().into(mappingOf(dataSource).entity);
    builder.values(rows).updateEntity(false);
    this.statement = new Statement(dataSource, builder, [...this.readers.keys()]);
    this.order = this.statement.order.map((name) => this.readers.get(name)!);
  }

  async run(rows: readonly NewRow[], runner: QueryRunner): Promise<void> {
    const parameters = this.order.map(({ index, read }) => read(rows[index]!));
    await this.statement.runInOrder(parameters, runner);
  }

  /** A row of the statement, as SQL. */
  private row(index: number): Record<string, () => string> {
    const row = { ...NEW_SQL };
    for (const [column, read] of Object.entries(VALUES)) {
      const name = `${column}_${index}`;
      this.readers.set(name, { index, read });
      row[column] = () => `:${name}`;
    }
    return row;
  }
}
