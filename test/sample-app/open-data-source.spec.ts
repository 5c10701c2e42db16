import { Ticket, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import type { DataSourceOptions } from 'typeorm';
import { expect, it } from 'vitest';
import { Account } from '../../sample-app/account/account.entity.js';
import { CreateAccount1795500000000 } from '../../sample-app/account/account.migration.js';
import { openDataSource } from '../../sample-app/open-data-source.js';
import { eachDatabase, eachServer, type TestDatabase } from '../support/databases.js';
import { afterwards } from '../support/suite-scope.js';

const museum = (database: TestDatabase): DataSourceOptions =>
  database.options({
    entities: [Ticket, Account],
    migrations: [...ticketOfficeMigrations, CreateAccount1795500000000],
  });

async function open(options: DataSourceOptions) {
  const dataSource = await openDataSource(options);
  afterwards(() => dataSource.destroy());
  return dataSource;
}

eachServer('The data source of the sample app', (database) => {
  it('[N-1] runs each migration once in four nodes that start at once', async () => {
    const nodes = await Promise.all(Array.from({ length: 4 }, () => open(museum(database))));
    const rows = (await nodes[0]!.query('SELECT name FROM migrations')) as { name: string }[];
    const wanted = [...ticketOfficeMigrations.map(({ name }) => name), 'CreateAccount1795500000000'];
    expect(rows.map(({ name }) => name).toSorted()).toEqual(wanted.toSorted());
    // The lock is given back: a later node does not wait for it.
    expect(await (await open(museum(database))).showMigrations()).toBe(false);
  });
});

eachDatabase('The data source of the sample app', (database) => {
  it('is closed again when a migration fails', async () => {
    const failing = class Failing1795500000001 {
      up = () => Promise.reject(new Error('no room'));
      down = () => Promise.resolve();
    };
    const options = { ...museum(database), migrations: [failing] } as DataSourceOptions;
    await expect(openDataSource(options)).rejects.toThrow('no room');
    expect(await (await open(museum(database))).showMigrations()).toBe(false);
  });
});
