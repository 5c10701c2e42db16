import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute, type ServerType } from './database-servers.js';
import type { DatabaseTarget } from './database-targets.js';

export type DatabaseConnection =
  { type: 'better-sqlite3'; database: string } | { type: ServerType; url: string };

/** A database of one describe block: its address is known at once, it exists between create and drop. */
export interface PrivateDatabase {
  connection: DatabaseConnection;
  create: () => Promise<unknown>;
  drop: () => Promise<unknown>;
}

export function privateDatabase(target: DatabaseTarget): PrivateDatabase {
  const name = `ticketoffice_${randomBytes(6).toString('hex')}`;
  if (target.name === 'sqlite') return sqliteFile(join(fileURLToPath(target.url), name));
  if (target.name === 'mariadb') return onServer('mariadb', target.url, name, `DROP DATABASE ${name}`);
  // FORCE, since an app that a failed test left open must not keep its database alive.
  return onServer('postgres', target.url, name, `DROP DATABASE ${name} WITH (FORCE)`);
}

function sqliteFile(folder: string): PrivateDatabase {
  return {
    connection: { type: 'better-sqlite3', database: join(folder, 'database.sqlite') },
    create: () => mkdir(folder),
    // The folder and not the file, since SQLite puts journals beside it.
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

function onServer(type: ServerType, serverUrl: string, name: string, drop: string): PrivateDatabase {
  return {
    connection: { type, url: databaseUrl(type, serverUrl, name) },
    create: () => execute(type, serverUrl, `CREATE DATABASE ${name}`),
    drop: () => execute(type, serverUrl, drop),
  };
}

/** The URL of a database on a server. */
export function databaseUrl(type: ServerType, serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = name;
  // TypeORM takes its type from the URL, and treats a `mysql:` one as MySQL whatever `type` says.
  url.protocol = type;
  return url.href;
}
