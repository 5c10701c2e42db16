import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAccounts1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(
      `CREATE TABLE account (id varchar(36) PRIMARY KEY, email varchar(254) UNIQUE, password varchar(254) NOT NULL DEFAULT '')`,
    );
  }

  async down(runner: QueryRunner) {
    await runner.query('DROP TABLE account');
  }
}
