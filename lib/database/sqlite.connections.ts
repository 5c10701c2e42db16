import { Logger } from '@nestjs/common';
import { BaseEntity, DataSource } from 'typeorm';
import type { BetterSqlite3DataSourceOptions } from 'typeorm/driver/better-sqlite3/BetterSqlite3DataSourceOptions.js';
import type { Connections, Connection, Access } from './connections.js';
import { DatabaseBusyError, RowTakenError } from './fault.js';
import { retry } from './retry.js';
import { SqliteWriteQueue } from './sqlite.write-queue.js';

/**
 * Connections to SQLite, where TypeORM runs all that an app does on one: a transaction takes in every statement that
 * comes between, of any request, and undoes it when it rolls back. So two more are opened here to the same file, one
 * for single statements and one for transactions, of which SQLite lets but one at a time write.
 *
 * A database in memory is its connection, and cannot be opened twice: there, all share the app's.
 */
export class SqliteConnections implements Connections {
  private readonly queue = new SqliteWriteQueue();

  private constructor(
    readonly dataSource: DataSource,
    private readonly transactions: DataSource,
  ) {}

  static async open(app: DataSource): Promise<SqliteConnections> {
    if (canOpenAgain(app)) return SqliteConnections.openBeside(app);
    new Logger('TicketOffice').warn(oneConnection(app));
    return new SqliteConnections(app, app);
  }

  private static async openBeside(app: DataSource): Promise<SqliteConnections> {
    const statements = await openDedicated(app);
    try {
      return new SqliteConnections(statements, await openDedicated(app));
    } catch (error) {
      await statements.destroy();
      throw error;
    }
  }

  async acquire(access: Access, row?: string): Promise<Connection> {
    if (access === 'read') return this.acquireToRead(row);
    await this.queue.take({ row, isTransaction: access === 'transaction' });
    if (access === 'write') return connectionOf(this.dataSource);
    try {
      // It was closed, where a transaction on it could not be ended.
      if (!this.transactions.isInitialized) await this.transactions.initialize();
    } catch (error) {
      this.queue.pass();
      throw error;
    }
    return connectionOf(this.transactions, () => this.endTransaction());
  }

  async close(): Promise<void> {
    if (this.isShared) return;
    for (const dedicated of [this.dataSource, this.transactions])
      if (dedicated.isInitialized) await dedicated.destroy();
  }

  /** Who only reads has another connection than the transaction, and sees what was committed; not so in memory. */
  private acquireToRead(row: string | undefined): Connection {
    if (this.isShared && this.queue.isTaken(row)) throw new RowTakenError();
    return connectionOf(this.dataSource);
  }

  private async endTransaction(): Promise<void> {
    try {
      const { isTransactionActive } = this.transactions.createQueryRunner();
      // One that could not even be rolled back would take the next one in: it goes with its connection.
      if (isTransactionActive && !this.isShared) await this.transactions.destroy();
    } finally {
      this.queue.pass();
    }
  }

  private get isShared(): boolean {
    return this.dataSource === this.transactions;
  }
}

/** There is but one query runner on a connection to SQLite, for whoever asks. */
function connectionOf(connection: DataSource, release = async (): Promise<void> => undefined): Connection {
  const queryRunner = connection.createQueryRunner('master');
  return {
    queryRunner,
    begin: async () => {
      if (queryRunner.isTransactionActive) throw new DatabaseBusyError();
      await queryRunner.startTransaction();
    },
    release: release,
  };
}

/** Whether a second connection would see the same database: not that in memory, or in a file without a name. */
const canOpenAgain = ({ options }: DataSource): boolean =>
  options.type === 'better-sqlite3' && options.database !== ':memory:' && options.database !== '';

function openDedicated(app: DataSource): Promise<DataSource> {
  const dedicated = new DedicatedDataSource(app);
  return retry(() => dedicated.initialize());
}

const oneConnection = ({ options }: DataSource): string =>
  `${options.type} (${String(options.database)}) is one connection, which the ticket office has to share with the app: ` +
  "a transaction of the app's that rolls back undoes claims and stamps made meanwhile. " +
  "Good for tests; for more, write type: 'better-sqlite3' and a file as its database";

/**
 * The app's data source once more: another connection to the same file, with the same entities and subscribers.
 *
 * In the mode WAL (https://sqlite.org/wal.html), so that a writer does not shut readers out. Without the driver's
 * time-out, during which it would block the whole process: whoever finds the file locked comes again by itself.
 */
export class DedicatedDataSource extends DataSource {
  constructor(private readonly app: DataSource) {
    super({
      ...(app.options as BetterSqlite3DataSourceOptions),
      enableWAL: true,
      timeout: 0,
      logger: app.logger,
      cache: false,
      subscribers: [],
      // What the app's own connection does at its start, it has done.
      synchronize: false,
      dropSchema: false,
      migrations: [],
      migrationsRun: false,
    });
  }

  override async initialize(): Promise<this> {
    await super.initialize();
    // The app's own `prepareDatabase` may have set it.
    await this.query('PRAGMA busy_timeout = 0');
    // Else the last stamps can be lost with the power: in WAL, the driver does not wait for the disk.
    await this.query('PRAGMA synchronous = FULL');
    return this;
  }

  protected override async buildMetadatas(): Promise<void> {
    await super.buildMetadatas();
    // Those that the app has made, and may have added to.
    Object.assign(this, { subscribers: this.app.subscribers });
    // Active records belong to the last data source that was told of them.
    for (const { target } of this.app.entityMetadatas) {
      if (isActiveRecord(target)) target.useDataSource(this.app);
    }
  }
}

const isActiveRecord = (target: unknown): target is typeof BaseEntity =>
  typeof target === 'function' && target.prototype instanceof BaseEntity;
