import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { beforeAll, describe, inject, it } from 'vitest';
import type { DatabaseName } from './database-targets.js';
import type { DatabaseConnection } from './private-database.js';
import { afterwards, ownResources } from './suite-scope.js';
import { workerDatabase } from './worker-database.js';

/** What TypeORM and TypeOrmModule take on every database. */
export type DatabaseOverrides = Omit<TypeOrmModuleOptions, 'type'>;

/** The private, empty database of one {@link eachDatabase} block. */
export interface TestDatabase {
  readonly name: DatabaseName;
  readonly type: DatabaseConnection['type'];
  /** Options for TypeOrmModule.forRoot; usable in decorators too, before the database exists. */
  options: (overrides?: DatabaseOverrides) => DataSourceOptions & TypeOrmModuleOptions;
  /** A connected DataSource, destroyed after the test, or after the block when made in its beforeAll. */
  connect: (overrides?: DatabaseOverrides) => Promise<DataSource>;
}

/** A describe on every database of this run, each with an empty database that it has for itself. */
export function eachDatabase(
  title: string,
  body: (database: TestDatabase) => void,
  targets = inject('databases'),
): void {
  // vitest fails a file without any test.
  if (targets.length === 0) it.skip(`${title}: this run has no such database`);
  for (const { name, url } of targets) {
    describe(`${title} on ${name}`, () => {
      const { connection, create, drop } = workerDatabase({ name, url });
      ownResources();
      beforeAll(async () => {
        await create();
        afterwards(drop);
      });
      body(testDatabase(name, connection));
    });
  }
}

/** The same on one of them: for what no database can change. */
export function oneDatabase(title: string, body: (database: TestDatabase) => void): void {
  eachDatabase(title, body, inject('databases').slice(0, 1));
}

/** Whether it is the one of {@link oneDatabase}: for a test, beside others, that no database can change. */
export const isFirst = ({ name }: TestDatabase): boolean => inject('databases')[0]?.name === name;

/** The same on those that an app reaches over a network. */
export function eachServer(title: string, body: (database: TestDatabase) => void): void {
  const servers = inject('databases').filter(({ name }) => name !== 'sqlite');
  eachDatabase(title, body, servers);
}

function testDatabase(name: DatabaseName, connection: DatabaseConnection): TestDatabase {
  const options: TestDatabase['options'] = (overrides) =>
    // One attempt: Nest would otherwise hide a wrong option behind half a minute of retries.
    ({ retryAttempts: 1, ...connection, ...overrides }) as DataSourceOptions & TypeOrmModuleOptions;
  return {
    name,
    type: connection.type,
    options,
    async connect(overrides) {
      const dataSource = await new DataSource(options(overrides)).initialize();
      afterwards(() => dataSource.isInitialized && dataSource.destroy());
      return dataSource;
    },
  };
}
