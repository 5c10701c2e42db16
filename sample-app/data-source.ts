import { join, relative, resolve } from 'node:path';
import { Ticket, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Account } from './account/account.entity.js';
import { CreateAccount1795500000000 } from './account/account.migration.js';
import { ConfigurationError } from './configuration-error.js';
import { projectRoot } from './project-root.js';

/** Scheme of DATABASE_URL → TypeORM's name of the database. */
const SERVERS = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mariadb',
  'mariadb:': 'mariadb',
} as const;

const common = {
  entities: [Ticket, Account],
  // The library's table, this app's own, then what `npm run migration:generate` has written.
  migrations: [
    ...ticketOfficeMigrations,
    CreateAccount1795500000000,
    join(import.meta.dirname, 'migrations', '*.js'),
  ],
};

function server(url: string): DataSourceOptions {
  const type = URL.canParse(url) && SERVERS[new URL(url).protocol as keyof typeof SERVERS];
  if (type) return { ...common, type, url };
  throw new ConfigurationError(
    'DATABASE_URL must look like postgres://user@host/name or mysql://user@host/name.',
  );
}

function file(path: string): DataSourceOptions {
  const database = path === ':memory:' ? path : resolve(projectRoot, path);
  return { ...common, type: 'better-sqlite3', database, enableWAL: true };
}

const { DATABASE_URL, DATABASE_FILE } = process.env;

/** The one description of the database, for the app and for TypeORM's command line. */
export const dataSource = new DataSource(
  DATABASE_URL ? server(DATABASE_URL) : file(DATABASE_FILE || 'museum.sqlite'),
);

function place({ url, database }: { url?: string; database?: unknown }): string {
  if (!url) return relative(projectRoot, String(database));
  const { host, pathname } = new URL(url);
  return host + pathname;
}

/** For the log: the database, without its password. */
export const databaseName = `${dataSource.options.type}, ${place(dataSource.options)}`;
