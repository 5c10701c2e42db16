import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  DataSource,
  type DataSourceOptions,
  DriverPackageNotInstalledError,
  type EntitySchema,
  type QueryRunner,
} from 'typeorm';
import { ticketOfficeMigrations } from '../tickets/store/ticket.migrations.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { racingQueryRunner } from './racing-database.js';
import { assertOneDataSource, assertOneOffice } from './one-office.check.js';

const PREFIX = 'nestjs-ticketoffice-testing-';
const DAY = 24 * 60 * 60 * 1000;

/**
 * A data source of SQLite for one app of a test, with the tables of the tickets and of the app's entities. In a file of
 * its own, and not in memory: there all requests would share one connection, and with it their transactions.
 */
export const temporaryDatabase = (entities: readonly (Function | EntitySchema)[] = []): DynamicModule =>
  TypeOrmModule.forRootAsync({
    inject: [ModulesContainer],
    useFactory: async (modules: ModulesContainer) => {
      assertOneOffice(modules);
      assertOneDataSource(modules);
      return {
        type: 'better-sqlite3',
        database: join(await newFolder(), 'tickets.sqlite'),
        entities: [...entities],
        autoLoadEntities: true,
        migrations: ticketOfficeMigrations,
        migrationsRun: true,
        // After the migrations: the tables of the app's entities.
        synchronize: true,
        retryAttempts: 0,
      };
    },
    dataSourceFactory: (options) => new TemporaryDataSource(options!).initialize(),
  });

/** Its folder is gone once it is closed. */
class TemporaryDataSource extends DataSource {
  constructor(options: DataSourceOptions) {
    try {
      super(options);
    } catch (cause) {
      throw cause instanceof DriverPackageNotInstalledError ? noDriver(cause) : cause;
    }
  }

  override createQueryRunner(mode?: 'master' | 'slave'): QueryRunner {
    return racingQueryRunner(super.createQueryRunner(mode));
  }

  override async destroy(): Promise<void> {
    await super.destroy();
    await remove(dirname(String(this.options.database)));
  }
}

const noDriver = (cause: Error) =>
  new TicketOfficeConfigurationError(
    'TicketOfficeTestingModule makes a SQLite database, for which better-sqlite3 is missing: install it by the lines of docs/installing.md, ' +
      "or name a data source that the test has itself: forRoot({ dataSource: 'default' })",
    { cause },
  );

/** Jest tells nobody when its process ends, and many a test closes no app: what a day has left behind is removed here. */
async function newFolder(): Promise<string> {
  const parent = tmpdir();
  const old = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  await Promise.all(old.map((name) => removeAfterDay(join(parent, name))));
  return mkdtemp(join(parent, PREFIX));
}

async function removeAfterDay(folder: string): Promise<void> {
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Infinity }));
  if (mtimeMs < Date.now() - DAY) await remove(folder);
}

/** Best effort: what is in use, or somebody else's, stays. */
const remove = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
