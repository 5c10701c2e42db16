import type { DataSource, EntityManager, EntityTarget, QueryRunner } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { asWritten, commonColumns } from './own-columns.js';
import { mappingOf } from './ticket.mapping.js';
import { NEW_SQL, PreparedInsert } from './prepared-insert.js';
import type { NewRow, TicketRow } from './ticket.row.js';

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

/** The INSERTs of a data source, by their number of rows and the app's own columns that these have. */
const inserts = new WeakMap<DataSource, Map<string, PreparedInsert>>();
/** Most INSERTs to keep: an app has a batch size or two, and each of its calls ends with a smaller batch. */
const MOST = 4;

/**
 * Writes new rows in one statement: all of them, or none.
 *
 * @returns them as the database has them, with the defaults of the app's own columns
 */
export async function insertAll(rows: readonly NewRow[], runner: QueryRunner): Promise<readonly NewRow[]> {
  const dataSource = dataSourceOf(runner);
  const own = commonColumns(rows, dataSource);
  if (own) await insertOf(rows.length, own, dataSource).run(rows, runner);
  else await insertUnlike(rows, runner);
  return asWritten(rows, runner);
}

/** For rows that do not have the same columns of the app's own: TypeORM writes a statement for them alone. */
async function insertUnlike(rows: readonly NewRow[], runner: QueryRunner): Promise<void> {
  const dataSource = dataSourceOf(runner);
  const values = rows.map((whole) => {
    const { own, json: _, ...row } = whole;
    return { ...row, ...NEW_SQL, ...own?.values };
  });
  const insert = dataSource.createQueryBuilder().insert().into(mappingOf(dataSource).entity);
  await runner.query(...insert.values(values as never).getQueryAndParameters(), true);
}

function insertOf(count: number, own: readonly ColumnMetadata[], dataSource: DataSource): PreparedInsert {
  const known = inserts.get(dataSource) ?? new Map<string, PreparedInsert>();
  inserts.set(dataSource, known);
  const key = [count, ...own.map(({ propertyName }) => propertyName)].join(' ');
  const insert = known.get(key) ?? new PreparedInsert(count, own, dataSource);
  // The one that was used last is kept longest.
  known.delete(key);
  known.set(key, insert);
  if (known.size > MOST) known.delete([...known.keys()][0]!);
  return insert;
}
