import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** Creates the table `account`, on any of the databases. */
export class CreateAccount1795500000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'account',
        columns: [
          { name: 'name', type: 'varchar', length: '191', isPrimary: true },
          { name: 'password', type: 'varchar', length: '255' },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('account');
  }
}
