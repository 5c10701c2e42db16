import { type MigrationInterface, type QueryRunner, type Table, TableIndex } from 'typeorm';
import { escapedPath, isPostgres } from '../../database/dialect.js';
import { exclusively } from '../../database/named-lock.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { TicketOfficeConfigurationError } from '../ticket.errors.js';
import { FILL_FACTOR, TICKET_INDEXES, TICKET_TABLE } from '../ticket.table.js';
import { ticketTableName } from './ticket-table.migration.js';

/**
 * Adds the indexes that `synchronize` adds, where they are missing, and on PostgreSQL leaves room on each page for claims
 * and stamps. There, in a transaction, building an index makes writers wait; outside one (`migrationsTransactionMode:
 * 'none'`) it does not, as it does not on MySQL and MariaDB.
 */
export class IndexTicketOfficeTicket1795737600000 implements MigrationInterface {
  // TypeORM records this name: it must survive a minifier.
  readonly name = 'IndexTicketOfficeTicket1795737600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await exclusively(queryRunner, ticketTableName(queryRunner), async () => {
      const table = await tableOf(queryRunner);
      const isPlain = await isPlainTable(table, queryRunner);
      await dropInvalid(table, queryRunner);
      for (const index of indexesOf(table, queryRunner, isPlain)) {
        if (!has(table, index)) await queryRunner.createIndex(table, index);
      }
      if (isPlain)
        await queryRunner.query(
          `ALTER TABLE ${pathOf(table, queryRunner)} SET (fillfactor = ${FILL_FACTOR})`,
        );
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const table = await queryRunner.getTable(ticketTableName(queryRunner));
    // Nodes that started at once have each recorded the migrations: the second time, the table may be gone.
    if (!table) return;
    const isPlain = await isPlainTable(table, queryRunner);
    for (const index of indexesOf(table, queryRunner, isPlain)) {
      if (has(table, index)) await queryRunner.dropIndex(table, index);
    }
    if (isPlain) await queryRunner.query(`ALTER TABLE ${pathOf(table, queryRunner)} RESET (fillfactor)`);
  }
}

async function tableOf(queryRunner: QueryRunner): Promise<Table> {
  const table = await queryRunner.getTable(ticketTableName(queryRunner));
  if (table) return table;
  throw new TicketOfficeConfigurationError(
    `There is no table ${TICKET_TABLE} to add indexes to: write ...ticketOfficeMigrations in your migrations, all of them`,
  );
}

/** Under the names that TypeORM gives to the entity's. */
function indexesOf(table: Table, queryRunner: QueryRunner, isPlain: boolean): TableIndex[] {
  const dataSource = dataSourceOf(queryRunner);
  const isConcurrent = isPlain && !queryRunner.isTransactionActive;
  return TICKET_INDEXES.map(({ columns, where = '' }) => {
    const columnNames = [...columns];
    const name = dataSource.namingStrategy.indexName(table, columnNames, where);
    return new TableIndex({ name, columnNames, where, isConcurrent });
  });
}

const has = ({ indices }: Table, { name }: TableIndex): boolean =>
  indices.some((index) => index.name === name);

/** Whether it is a table of PostgreSQL in one piece: one in partitions has no fillfactor, and no index built beside writers. */
async function isPlainTable(table: Table, queryRunner: QueryRunner): Promise<boolean> {
  if (!isPostgres(dataSourceOf(queryRunner))) return false;
  const [{ relkind } = {}]: { relkind?: string }[] = await queryRunner.query(
    'SELECT relkind FROM pg_class WHERE oid = to_regclass($1)',
    [pathOf(table, queryRunner)],
  );
  return relkind === 'r';
}

/** PostgreSQL keeps an index whose build beside writers was cut short, and finds nothing by it. */
async function dropInvalid(table: Table, queryRunner: QueryRunner): Promise<void> {
  if (!isPostgres(dataSourceOf(queryRunner))) return;
  const invalid: { name: string }[] = await queryRunner.query(
    'SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = to_regclass($1) AND NOT i.indisvalid',
    [pathOf(table, queryRunner)],
  );
  const names = new Set(invalid.map(({ name }) => name));
  for (const index of indexesOf(table, queryRunner, true)) {
    if (names.has(index.name!)) await queryRunner.dropIndex(table, index);
  }
}

/** As SQL: with its schema, where it has one. */
const pathOf = ({ name }: Table, queryRunner: QueryRunner): string =>
  escapedPath(name, dataSourceOf(queryRunner));
