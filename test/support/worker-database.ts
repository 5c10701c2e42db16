import { inject } from 'vitest';
import { execute, type ServerType } from './database-servers.js';
import type { DatabaseTarget } from './database-targets.js';
import { databaseUrl, privateDatabase, type PrivateDatabase } from './private-database.js';

/** The names of databases that blocks of this process have now. */
const taken = new Set<string>();

/**
 * The database of one block at a time. On a server each worker has one, which the first block creates and each block
 * finds emptied, since that takes a tenth of the time of CREATE and DROP DATABASE; the end of the run drops it.
 */
export function workerDatabase(target: DatabaseTarget): PrivateDatabase {
  if (target.name === 'sqlite') return privateDatabase(target);
  const name = `${inject('databasePrefix')}${process.env['VITEST_POOL_ID']}`;
  const type = target.name === 'mariadb' ? 'mariadb' : 'postgres';
  const connection = { type, url: databaseUrl(type, target.url, name) } as const;
  return {
    connection,
    async create() {
      if (taken.has(connection.url)) {
        throw new Error('a block of eachDatabase is inside of another: use privateDatabase for one of them');
      }
      taken.add(connection.url);
      await empty[type](target.url, name);
    },
    async drop() {
      taken.delete(connection.url);
      await empty[type](target.url, name);
    },
  };
}

/** Leaves nothing in the database, which it creates where there is none, and no one connected to it. */
const empty: Record<ServerType, (server: string, name: string) => Promise<void>> = {
  async postgres(server, name) {
    const url = databaseUrl('postgres', server, name);
    try {
      await execute('postgres', url, EMPTY_POSTGRES);
    } catch (error) {
      if ((error as { code?: string }).code !== NO_SUCH_DATABASE) throw error;
      await execute('postgres', server, `CREATE DATABASE ${name}`);
      // What a test commits need not outlive a power cut.
      await execute('postgres', server, `ALTER DATABASE ${name} SET synchronous_commit = off`);
    }
  },
  async mariadb(server, name) {
    const others = `SELECT id FROM information_schema.processlist WHERE db = '${name}'`;
    for (const { id } of (await execute('mariadb', server, others)) as { id: number }[]) {
      // One may have ended by itself.
      await execute('mariadb', server, `KILL ${id}`).catch(() => undefined);
    }
    // It drops the tables in the order of their names, whichever of them others refer to.
    const replace = `CREATE OR REPLACE DATABASE ${name}`;
    await execute('mariadb', server, `SET STATEMENT foreign_key_checks = 0 FOR ${replace}`);
  },
};

const NO_SUCH_DATABASE = '3D000';

const EMPTY_POSTGRES = `
  SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend';
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
  END $$;
  CREATE SCHEMA public`;
