import { existsSync, readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import type { TestDatabase } from '../support/databases.js';

const LISTS: Record<TestDatabase['type'], string> = {
  'better-sqlite3': "SELECT name FROM sqlite_master WHERE type = 'table'",
  postgres: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
  mariadb: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
};

/** Everything that the database keeps: the rows of every table; of SQLite the bytes of its files, too. */
export async function contentsOf(dataSource: DataSource, { type }: TestDatabase): Promise<unknown[]> {
  const names = await dataSource.query<{ name: string }[]>(LISTS[type]);
  const tables = await Promise.all(
    names.map(({ name }) => dataSource.query(`SELECT * FROM ${dataSource.driver.escape(name)}`)),
  );
  return [...tables, ...filesOf(dataSource)];
}

function filesOf({ options }: DataSource): string[] {
  if (options.type !== 'better-sqlite3') return [];
  const paths = ['', '-wal', '-journal'].map((suffix) => `${options.database}${suffix}`);
  return paths.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'latin1'));
}
