import type { DataSource, QueryRunner } from 'typeorm';
import type { Connections, Loan, Use } from './connections.js';

/** Connections to a server: each loan is one of the app's pool. */
export class ServerConnections implements Connections {
  constructor(readonly dataSource: DataSource) {}

  lend(use: Use): Loan {
    const queryRunner = this.dataSource.createQueryRunner('master');
    if (use === 'transaction' && isMySql(this.dataSource)) return new ChainedLoan(queryRunner);
    return {
      queryRunner,
      begin: () => queryRunner.startTransaction(),
      giveBack: () => queryRunner.release(),
    };
  }

  async close(): Promise<void> {
    // The pool is the app's.
  }
}

const isMySql = ({ options }: DataSource): boolean => ['mysql', 'mariadb'].includes(options.type);

/**
 * MySQL and MariaDB end a transaction for a dead-lock, and would commit each statement that comes after by itself,
 * where whoever sent them has overlooked that: here they are in a transaction again, which is rolled back.
 */
class ChainedLoan implements Loan {
  constructor(readonly queryRunner: QueryRunner) {}

  async begin(): Promise<void> {
    await this.queryRunner.query('SET autocommit = 0');
    await this.queryRunner.startTransaction();
  }

  async giveBack(): Promise<void> {
    // A connection that does not take it is broken, and its pool drops it.
    await this.queryRunner.query('SET autocommit = 1').catch(() => undefined);
    await this.queryRunner.release();
  }
}
