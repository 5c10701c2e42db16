import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import { exclusively } from '../../database/named-lock.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { TicketOfficeConfigurationError } from '../ticket.errors.js';
import {
  MYSQL_TABLE_OPTIONS,
  NAME_LENGTH,
  SUBJECT_LENGTH,
  TICKET_TABLE,
  UUID_LENGTH,
  VERIFIER_LENGTH,
} from '../ticket.table.js';
import { findMapping } from './ticket.mapping.js';

const text = (name: string, length: number): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
});
const nullable = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const instant = (name: string): TableColumnOptions => ({ name, type: 'bigint' });

/** The entity's, which a naming strategy may have changed; or its default, as migrations may run without the entity. */
export function ticketTableName(queryRunner: QueryRunner): string {
  const dataSource = dataSourceOf(queryRunner);
  const mapping = findMapping(dataSource);
  return mapping?.tableName ?? `${dataSource.options.entityPrefix ?? ''}${TICKET_TABLE}`;
}

const ticketTable = (name: string): Table =>
  new Table({
    name,
    engine: MYSQL_TABLE_OPTIONS,
    columns: [
      { ...text('uuid', UUID_LENGTH), isPrimary: true },
      text('place', NAME_LENGTH),
      text('purpose', NAME_LENGTH),
      nullable(text('subject', SUBJECT_LENGTH)),
      { name: 'data', type: 'text' },
      instant('createdAt'),
      nullable(instant('expiresAt')),
      nullable(instant('usedAt')),
      nullable(instant('revokedAt')),
      text('verifier', VERIFIER_LENGTH),
      { name: 'generation', type: 'integer' },
      { name: 'attempts', type: 'integer' },
      nullable(text('claimId', UUID_LENGTH)),
      nullable(instant('claimedAt')),
    ],
  });

/** @throws TicketOfficeConfigurationError for a table that has this name and is not the ticket office's */
async function assertSame(wanted: Table, queryRunner: QueryRunner): Promise<void> {
  const found = await queryRunner.getTable(wanted.name);
  const lacking = wanted.columns.filter(({ name }) => !found?.findColumnByName(name));
  if (lacking.length === 0) return;
  throw new TicketOfficeConfigurationError(
    `There is a table ${wanted.name}, which lacks the columns ${lacking.map(({ name }) => name).join(', ')}: it is not the ticket office's. Rename it, or write an entityPrefix for your data source`,
  );
}

/**
 * Creates the table of tickets, on every database the same as `synchronize` creates; or takes the one that is there: made
 * by `synchronize`, restored from a dump, or made a moment ago by another node.
 */
export class CreateTicketOfficeTicket1795478400000 implements MigrationInterface {
  // TypeORM records this name: it must survive a minifier.
  readonly name = 'CreateTicketOfficeTicket1795478400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const table = ticketTable(ticketTableName(queryRunner));
    await exclusively(queryRunner, table.name, async () => {
      if (await queryRunner.hasTable(table)) await assertSame(table, queryRunner);
      else await queryRunner.createTable(table);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // Nodes that started at once have each recorded the migration: the second time, the table is gone.
    await queryRunner.dropTable(ticketTableName(queryRunner), true);
  }
}
