import { execute } from './database-servers.js';
import type { DatabaseTarget } from './database-targets.js';

/** Drops the databases that begin so: those of all workers, of crashed ones, too. */
export async function dropDatabases({ name, url }: DatabaseTarget, prefix: string): Promise<void> {
  if (name === 'sqlite') return;
  const type = name === 'mariadb' ? 'mariadb' : 'postgres';
  const listing =
    type === 'mariadb'
      ? `SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE '${prefix}%'`
      : `SELECT datname AS name FROM pg_database WHERE datname LIKE '${prefix}%'`;
  for (const { name: database } of (await execute(type, url, listing)) as { name: string }[]) {
    await execute(type, url, `DROP DATABASE ${database}${type === 'postgres' ? ' WITH (FORCE)' : ''}`);
  }
}
