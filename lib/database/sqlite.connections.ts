import { Logger } from '@nestjs/common';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Connections, Loan, Use } from './connections.js';
import { DatabaseBusyError, RowTakenError } from './database.errors.js';
import { retrying } from './retry.js';
import { SqliteTwin } from './sqlite.twin.js';

/**
 * Connections to SQLite, where TypeORM runs all that an app does on one: a transaction takes in every statement that
 * comes between, of any request, and undoes it when it rolls back. So two more are opened here to the same file, one
 * for single statements and one for transactions, of which SQLite lets but one at a time write.
 *
 * A database in memory is its connection, and cannot be opened twice: there, all share the app's.
 */
export class SqliteConnections implements Connections {
  /** For whose sake a transaction is open: SQLite locks no rows, so that others are told here. */
  private transacting: { readonly row: string | undefined } | undefined;

  private constructor(
    readonly dataSource: DataSource,
    private readonly transactions: DataSource,
  ) {}

  static async open(app: DataSource): Promise<SqliteConnections> {
    if (canOpenAgain(app)) return new SqliteConnections(await openTwin(app), await openTwin(app));
    new Logger('TicketOffice').warn(oneConnection(app));
    return new SqliteConnections(app, app);
  }

  lend(use: Use, row?: string): Loan {
    // Who only reads has another connection, and sees what was committed.
    if (this.transacting && (use !== 'read' || this.isShared)) {
      const isSameRow = row !== undefined && row === this.transacting.row;
      throw isSameRow ? new RowTakenError() : new DatabaseBusyError();
    }
    if (use === 'transaction') return this.lendTransaction(row);
    const queryRunner = this.dataSource.createQueryRunner('master');
    return { queryRunner, begin: () => queryRunner.startTransaction(), giveBack: async () => undefined };
  }

  async close(): Promise<void> {
    if (this.isShared) return;
    await this.dataSource.destroy();
    await this.transactions.destroy();
  }

  private lendTransaction(row: string | undefined): Loan {
    const queryRunner = this.transactions.createQueryRunner('master');
    this.transacting = { row };
    return {
      queryRunner,
      begin: () => queryRunner.startTransaction(),
      giveBack: async () => {
        await this.clear(queryRunner);
        this.retire(queryRunner);
        this.transacting = undefined;
      },
    };
  }

  /** A transaction that could not even be rolled back would take the next one in: it goes with its connection. */
  private async clear(queryRunner: QueryRunner): Promise<void> {
    if (!queryRunner.isTransactionActive || this.isShared) return;
    await this.transactions.destroy();
    await this.transactions.initialize();
  }

  /** Whoever goes on with it, work that was not waited for, would write to the next transaction. */
  private retire(queryRunner: QueryRunner): void {
    if (this.isShared) return;
    Object.assign(queryRunner, { isReleased: true });
    Object.assign(this.transactions.driver, { queryRunner: undefined });
  }

  private get isShared(): boolean {
    return this.dataSource === this.transactions;
  }
}

/** Whether a second connection would see the same database: not that in memory, or in a file without a name. */
const canOpenAgain = ({ options }: DataSource): boolean =>
  options.type === 'better-sqlite3' && options.database !== ':memory:' && options.database !== '';

function openTwin(app: DataSource): Promise<DataSource> {
  const twin = new SqliteTwin(app);
  return retrying(() => twin.initialize());
}

const oneConnection = ({ options }: DataSource): string =>
  `${options.type} (${String(options.database)}) is one connection, which the ticket office has to share with the app: ` +
  "a transaction of the app's that rolls back undoes claims and stamps made meanwhile. " +
  "Good for tests; for more, write type: 'better-sqlite3' and a file as its database";
