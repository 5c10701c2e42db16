import { BaseEntity, DataSource } from 'typeorm';
import type { BetterSqlite3DataSourceOptions } from 'typeorm/driver/better-sqlite3/BetterSqlite3DataSourceOptions.js';

/**
 * The app's data source once more: another connection to the same file, with the same entities and subscribers.
 *
 * In the mode WAL (https://sqlite.org/wal.html), so that a writer does not shut readers out. Without the driver's
 * time-out, during which it would block the whole process: whoever finds the file locked comes again by itself.
 */
export class SqliteTwin extends DataSource {
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
