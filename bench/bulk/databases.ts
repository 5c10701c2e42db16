import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, type ServerType } from '../../test/support/database-servers.js';
import { existingServer } from '../../test/support/existing-servers.js';

export type Connection = { type: 'better-sqlite3'; database: string } | { type: ServerType; url: string };

/** An empty database, until it is dropped. */
export interface BulkDatabase {
  readonly connection: Connection;
  drop(): Promise<unknown>;
}

export const DATABASES = ['postgres', 'mariadb', 'sqlite'] as const;

export async function createDatabase(on: (typeof DATABASES)[number]): Promise<BulkDatabase> {
  if (on === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'ticketoffice-bench-'));
    return {
      connection: { type: 'better-sqlite3', database: join(folder, 'bulk.sqlite') },
      drop: () => rm(folder, { recursive: true }),
    };
  }
  const server = await existingServer(on);
  const name = `ticketoffice_bench_${randomBytes(6).toString('hex')}`;
  await execute(on, server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = name;
  // TypeORM takes its type from the URL, and treats a `mysql:` one as MySQL whatever `type` says.
  url.protocol = on;
  return {
    connection: { type: on, url: url.href },
    drop: () => execute(on, server, `DROP DATABASE ${name}${on === 'postgres' ? ' WITH (FORCE)' : ''}`),
  };
}
