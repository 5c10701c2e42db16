import { type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm';

const TABLE = 'ticket_office_ticket'; // with the entityPrefix of your data source, if it has one

export class AddGallery1795824000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.addColumns(TABLE, [
      new TableColumn({ name: 'gallery', type: 'varchar', length: '40', isNullable: true }),
      new TableColumn({ name: 'persons', type: 'integer', default: 1 }),
    ]);
    await queryRunner.createIndex(TABLE, new TableIndex({ columnNames: ['gallery'] }));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumns(TABLE, ['gallery', 'persons']);
  }
}
