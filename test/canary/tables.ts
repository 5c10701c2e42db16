import { existsSync, readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import type { TestDatabase } from '../support/databases.js';
import { inDepth } from './in.depth.js';

const LISTS: Record<TestDatabase['type'], string> = {
  'better-sqlite3': "SELECT name FROM sqlite_master WHERE type = 'table'",
  postgres: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
  mariadb: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
};

/** Everything that the database keeps, in pieces: the rows of every table; of SQLite the bytes of its files, too. */
export async function contentsOf(dataSource: DataSource, { type }: TestDatabase): Promise<string[]> {
  const names = await dataSource.query<{ name: string }[]>(LISTS[type]);
  const tables = await Promise.all(
    names.map(({ name }) => dataSource.query<unknown[]>(`SELECT * FROM ${dataSource.driver.escape(name)}`)),
  );
  return [...tables.flat().map(inDepth), ...filesOf(dataSource)];
}

function filesOf({ options }: DataSource): string[] {
  if (options.type !== 'better-sqlite3') return [];
  const paths = ['', '-wal', '-journal'].map((suffix) => `${options.database}${suffix}`);
  return paths.filter((path) => existsSync(path)).flatMap((path) => pagesOf(readFileSync(path, 'latin1')));
}

const PAGE_BYTES = 4096;
/** Bytes that two pieces share: more than any secret has, in any spelling. */
const OVERLAP_BYTES = 512;

const pagesOf = (bytes: string): string[] =>
  Array.from({ length: Math.ceil(bytes.length / PAGE_BYTES) }, (_, page) =>
    bytes.slice(page * PAGE_BYTES, (page + 1) * PAGE_BYTES + OVERLAP_BYTES),
  );
