import { Logger } from '@nestjs/common';
import { BaseEntity, type DataSource, type DataSourceOptions } from 'typeorm';
import type { Access, Connection, Connections } from './connections.js';
import { DatabaseBusyError, RowTakenError } from './fault.js';
import { borrowedQueryRunner, ownedQueryRunner } from './owned-query-runner.js';
import { retry } from './retry.js';
import { SqliteWriteQueue } from './sqlite.write-queue.js';
import { attachAs, DataSourceWithHooks } from './typeorm.internals.js';

/**
 * Connections to SQLite. TypeORM runs everything that an app does on one connection: a transaction includes each
 * statement that any request sends meanwhile, and undoes it when it rolls back. So two more connections to the same file
 * are opened here, one for single statements and one for transactions; SQLite lets one of them write at a time.
 *
 * A database in memory is its connection, and cannot be opened twice: there, all statements share the app's.
 */
export class SqliteConnections implements Connections {
  private readonly queue = new SqliteWriteQueue();

  private constructor(
    readonly dataSource: DataSource,
    private readonly transactions: DataSource,
  ) {}

  static async open(app: DataSource): Promise<SqliteConnections> {
    if (await canOpenAgain(app)) return SqliteConnections.openBeside(app);
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
    await this.queue.enter({ row, isTransaction: access === 'transaction' });
    if (access === 'write') return connectionOf(this.dataSource);
    try {
      // It was closed if a transaction on it could not be ended.
      if (!this.transactions.isInitialized) await this.transactions.initialize();
    } catch (error) {
      this.queue.leave();
      throw error;
    }
    return connectionOf(this.transactions, () => this.endTransaction());
  }

  async close(): Promise<void> {
    if (this.isShared) return;
    for (const opened of [this.dataSource, this.transactions])
      if (opened.isInitialized) await opened.destroy();
  }

  /** A reader has another connection than the transaction, and sees what was committed; in memory they share one. */
  private acquireToRead(row: string | undefined): Connection {
    if (this.isShared && this.queue.isTaken(row)) throw new RowTakenError();
    return connectionOf(this.dataSource);
  }

  private async endTransaction(): Promise<void> {
    try {
      const { isTransactionActive } = this.transactions.createQueryRunner();
      // A transaction that cannot be rolled back would include the next one: it ends with its connection.
      if (isTransactionActive && !this.isShared) await this.transactions.destroy();
    } finally {
      this.queue.leave();
    }
  }

  private get isShared(): boolean {
    return this.dataSource === this.transactions;
  }
}

/** On a connection to SQLite there is one query runner for all callers. */
function connectionOf(dataSource: DataSource, release = async (): Promise<void> => undefined): Connection {
  const own = dataSource instanceof DedicatedDataSource ? ownedQueryRunner : borrowedQueryRunner;
  const queryRunner = own(dataSource.createQueryRunner('master'));
  return {
    queryRunner,
    begin: async () => {
      if (queryRunner.isTransactionActive) throw new DatabaseBusyError();
      await queryRunner.startTransaction();
    },
    // Nothing is to be cut: better-sqlite3 is synchronous, and no driver of SQLite has streams.
    cut: async () => undefined,
    release,
  };
}

/** Whether a second connection would see the same database: not in memory, and not in a file without a name. */
const canOpenAgain = async (app: DataSource): Promise<boolean> =>
  app.options.type === 'better-sqlite3' && Boolean((await filesOf(app)).get('main'));

/**
 * The files that the app's connection has open, by the names of their databases in SQL. Their paths in its options may
 * lead elsewhere by now: the process has gone to another folder, or a link to another release.
 */
async function filesOf(app: DataSource): Promise<ReadonlyMap<string, string>> {
  const list: { name: string; file: string }[] = await app.query('PRAGMA database_list');
  return new Map(list.map(({ name, file }) => [name, file]));
}

function openDedicated(app: DataSource): Promise<DataSource> {
  const dedicated = new DedicatedDataSource(app);
  return retry(() => dedicated.initialize());
}

const oneConnection = ({ options }: DataSource): string =>
  `${options.type} (${String(options.database)}) is one connection, which the ticket office has to share with the app: ` +
  'a transaction of the app that rolls back undoes claims and stamps made meanwhile. ' +
  "Good for tests only; otherwise, write type: 'better-sqlite3' and a file as its database";

type BetterSqlite3Options = Extract<DataSourceOptions, { type: 'better-sqlite3' }>;

/**
 * Another connection to the file of the app's data source, with the same entities and subscribers.
 *
 * In WAL mode (https://sqlite.org/wal.html), so that a writer does not shut readers out. Without the driver's time-out,
 * during which it would block the whole process: callers that find the file locked retry by themselves.
 */
export class DedicatedDataSource extends DataSourceWithHooks {
  private files: ReadonlyMap<string, string> = new Map();

  constructor(readonly app: DataSource) {
    super({
      ...(app.options as BetterSqlite3Options),
      enableWAL: true,
      // A new one would be empty.
      fileMustExist: true,
      timeout: 0,
      logger: app.logger,
      cache: false,
      subscribers: [],
      // The app's own connection has done all of this at its start.
      synchronize: false,
      dropSchema: false,
      migrations: [],
      migrationsRun: false,
    });
  }

  override async initialize(): Promise<this> {
    this.files = await filesOf(this.app);
    this.setOptions({ database: this.files.get('main')! });
    await super.initialize();
    // `prepareDatabase` of the app's options may have set it.
    await this.query('PRAGMA busy_timeout = 0');
    // In WAL mode the driver does not wait for the disk: the last stamps could be lost with the power.
    await this.query('PRAGMA synchronous = FULL');
    // It may also have chosen that an UPDATE returns a row, or other names for what a SELECT returns.
    await this.query('PRAGMA count_changes = 0');
    await this.query('PRAGMA full_column_names = 0');
    await this.query('PRAGMA short_column_names = 1');
    return this;
  }

  protected override connected(): void {
    // Entities may name it as the database of their tables.
    this.setOptions({ database: (this.app.options as BetterSqlite3Options).database });
  }

  protected override metadataBuilt(): void {
    attachAs(this, this.files);
    this.shareSubscribersOf(this.app);
    for (const { target } of this.app.entityMetadatas) {
      // The class of an active record belongs to the data source that was initialised last.
      if (isActiveRecord(target)) target.useDataSource(this.app);
    }
  }
}

/** The app's data source, where one of ours is connected to its file in its place. */
export const appDataSourceOf = (dataSource: DataSource): DataSource =>
  dataSource instanceof DedicatedDataSource ? dataSource.app : dataSource;

const isActiveRecord = (target: unknown): target is typeof BaseEntity =>
  typeof target === 'function' && target.prototype instanceof BaseEntity;
