import type { DataSource, Logger } from 'typeorm';

const silent = (): void => undefined;
/** Results go to standard output, where TypeORM logs; and parameters are nobody's business. */
const SILENT: Logger = {
  log: silent,
  logMigration: silent,
  logQuery: silent,
  logQueryError: silent,
  logQuerySlow: silent,
  logSchemaBuild: silent,
};

/** Takes from a data source that is not connected yet what would change the schema: an app does that, or a migration. */
export function harmless(dataSource: DataSource): DataSource {
  const unchanged = { synchronize: false, migrationsRun: false, dropSchema: false, logger: SILENT };
  const { type } = dataSource.options;
  // A wrong path would make an empty database.
  return dataSource.setOptions(type === 'better-sqlite3' ? { ...unchanged, fileMustExist: true } : unchanged);
}
