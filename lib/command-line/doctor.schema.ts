import type { DataSource, QueryRunner } from 'typeorm';
import { dataSourceOf } from '../database/typeorm.internals.js';
import { TICKET_INDEXES } from '../tickets/ticket.table.js';
import { fail, type Finding, ok, warn } from './doctor.diagnosis.js';
import type { Office } from './office.js';

const RUN = 'typeorm migration:run -d <data source file>';

/** @throws what the office's own check of the table does */
export async function tableFinding({ tickets, table }: Office): Promise<Finding> {
  await tickets.check();
  return ok(`${table}, with all columns`);
}

/** By their columns: an index of another name does as well. */
export async function indexFinding(runner: QueryRunner, { table }: Office): Promise<Finding> {
  const found = await runner.getTable(table);
  if (!found) return warn(`not checked: ${table} is missing`);
  // TypeORM does not keep the order of the columns on every database.
  const isThere = (columns: readonly string[]): boolean =>
    found.indices.some(({ columnNames }) => isSameSet(columnNames, columns));
  const missing = TICKET_INDEXES.filter(({ columns }) => !isThere(columns));
  if (missing.length === 0) return ok(`all ${TICKET_INDEXES.length}`);
  const named = missing.map(({ columns }) => columns.join(' + ')).join(', ');
  return warn(
    `there is none on ${named}`,
    `without them list and clean read the whole table; run the migrations: ${RUN}`,
  );
}

export async function migrationFinding(runner: QueryRunner, { table, migrations }: Office): Promise<Finding> {
  const dataSource = dataSourceOf(runner);
  const listed = new Set(
    dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name),
  );
  const unlisted = migrations.filter((name) => !listed.has(name));
  if (unlisted.length > 0) {
    const advice =
      'write ...ticketOfficeMigrations among its migrations: a later version may bring more of them';
    return warn(`the data source does not list ${unlisted.join(', ')}`, advice);
  }
  // TypeORM would create its table of migrations to show them.
  if (await runner.hasTable(migrationTable(dataSource))) {
    return (await dataSource.showMigrations())
      ? fail('some have not run', `run them: ${RUN}`)
      : ok('all have run');
  }
  return (await runner.hasTable(table))
    ? warn('none is recorded: the table was made by synchronize', 'in production, run migrations instead')
    : fail('none has run', `run them: ${RUN}`);
}

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name) => other.includes(name));

function migrationTable({ options }: DataSource): string {
  const { schema, migrationsTableName = 'migrations' } = options as {
    schema?: string;
    migrationsTableName?: string;
  };
  return schema === undefined ? migrationsTableName : `${schema}.${migrationsTableName}`;
}
