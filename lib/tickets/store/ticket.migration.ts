import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { Ticket } from '../ticket.entity.js';
import {
  MYSQL_TABLE_OPTIONS,
  NAME_LENGTH,
  SUBJECT_LENGTH,
  TICKET_TABLE,
  UUID_LENGTH,
  VERIFIER_LENGTH,
} from '../ticket.table.js';

const text = (name: string, length: number): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
});
const nullable = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const instant = (name: string): TableColumnOptions => ({ name, type: 'bigint' });

/** The entity's, which a naming strategy may have changed; or its default, as migrations may run without the entity. */
function tableName(queryRunner: QueryRunner): string {
  const dataSource = dataSourceOf(queryRunner);
  return dataSource.hasMetadata(Ticket)
    ? dataSource.getMetadata(Ticket).tableName
    : `${dataSource.options.entityPrefix ?? ''}${TICKET_TABLE}`;
}

/** Creates the table of tickets, on every database the same as `synchronize` creates. */
export class CreateTicketOfficeTicket1795478400000 implements MigrationInterface {
  // TypeORM records this name: it must survive a minifier.
  readonly name = 'CreateTicketOfficeTicket1795478400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: tableName(queryRunner),
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
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(tableName(queryRunner));
  }
}

/** The library's migrations, in order: append them to the `migrations` of your data source. */
export const ticketOfficeMigrations = [CreateTicketOfficeTicket1795478400000];
