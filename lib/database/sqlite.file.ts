import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BetterSqlite3DataSourceOptions } from 'typeorm/driver/better-sqlite3/BetterSqlite3DataSourceOptions.js';
import { retrying } from './retry.js';

/** Whether a second connection would see the same database: not that in memory, or in a file without a name. */
export const canOpenAgain = ({ options }: DataSource): boolean =>
  options.type === 'better-sqlite3' && options.database !== ':memory:' && options.database !== '';

/**
 * Opens the file of the app's data source once more, with the same entities and subscribers.
 *
 * In the mode WAL (https://sqlite.org/wal.html), so that a writer does not shut readers out. Without the driver's
 * time-out, during which it would block the whole process: whoever finds the file locked comes again by itself.
 */
export async function openAgain(app: DataSource): Promise<DataSource> {
  const dataSource = new DataSource({
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
  await retrying(() => dataSource.initialize());
  return Object.assign(dataSource, { subscribers: app.subscribers });
}

export function warnOfOneConnection({ options }: DataSource): void {
  new Logger('TicketOffice').warn(
    `${options.type} (${String(options.database)}) is one connection, which the ticket office has to share with the ` +
      "app: a transaction of the app's that rolls back undoes claims and stamps made meanwhile. " +
      "Good for tests; for more, write type: 'better-sqlite3' and a file as its database",
  );
}
