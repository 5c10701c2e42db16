import { DataSource, type DataSourceOptions } from 'typeorm';

/** What takes and gives back a lock of this name, which the session holds. SQLite has no servers with several nodes. */
const LOCKS: Partial<Record<DataSourceOptions['type'], readonly [string, string]>> = {
  postgres: [`SELECT pg_advisory_lock(hashtext('museum'))`, `SELECT pg_advisory_unlock(hashtext('museum'))`],
  mariadb: [`SELECT GET_LOCK('museum', 60)`, `SELECT RELEASE_LOCK('museum')`],
};

/**
 * Connects, and runs pending migrations: one node after the other, since TypeORM would run them twice, and fail, in nodes
 * that start at once.
 */
export async function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = await new DataSource(options).initialize();
  const [lock, unlock] = LOCKS[options.type] ?? [];
  const queryRunner = dataSource.createQueryRunner();
  try {
    if (lock) await queryRunner.query(lock);
    await dataSource.runMigrations();
    if (unlock) await queryRunner.query(unlock);
    return dataSource;
  } catch (error) {
    // With the connections goes the lock, too.
    await dataSource.destroy().catch(() => undefined);
    throw error;
  } finally {
    await queryRunner.release();
  }
}
