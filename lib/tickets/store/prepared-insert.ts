import type { DataSource, QueryRunner } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { Statement, type Value } from '../../database/statement.js';
import { mappingOf } from './ticket.mapping.js';
import { NEW_ROW, type NewRow } from './ticket.row.js';

/** What SQLite allows in a statement (`SQLITE_MAX_VARIABLE_NUMBER`); PostgreSQL and MariaDB allow 65,535. */
const MAX_PARAMETERS = 32_766;

/** What differs between new rows, a parameter each; all else is {@link NEW_ROW}. */
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

/** What all new rows have in common, as SQL, which takes no parameters. */
export const NEW_SQL: Record<string, () => string> = Object.fromEntries(
  Object.entries(NEW_ROW).map(([column, value]) => [column, () => String(value ?? 'NULL')]),
);

/** Most rows that one INSERT takes, on every database, where the app's entity has so many columns of its own. */
export const mostRows = (ownColumns: number): number =>
  Math.floor(MAX_PARAMETERS / (Object.keys(VALUES).length + ownColumns));

interface Reader {
  readonly index: number;
  readonly read: (row: NewRow) => Value;
}

/** One INSERT of so many rows, which TypeORM writes once. */
export class PreparedInsert {
  private readonly statement: Statement<string>;
  /** What each parameter is read from: a row, by its index. */
  private readonly readers = new Map<string, Reader>();
  /** The same in the order of the driver's placeholders. */
  private readonly order: readonly Reader[];

  /** @param own the columns of the app's own that the rows have a value for; all others have their default */
  constructor(
    count: number,
    private readonly own: readonly ColumnMetadata[],
    private readonly dataSource: DataSource,
  ) {
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
    const add = (column: string, name: string, read: Reader['read']) => {
      this.readers.set(name, { index, read });
      row[column] = () => `:${name}`;
    };
    for (const [column, read] of Object.entries(VALUES)) add(column, `${column}_${index}`, read);
    for (const [at, column] of this.own.entries()) {
      // A name of our own: the property's may be any.
      add(column.propertyName, `own_${at}_${index}`, (given) => this.stored(column, given));
    }
    return row;
  }

  /** Whatever the driver takes. */
  private stored(column: ColumnMetadata, { own }: NewRow): Value {
    const value = own!.values[column.propertyName];
    return this.dataSource.driver.preparePersistentValue(value, column) as Value;
  }
}
