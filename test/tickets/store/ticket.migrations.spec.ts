import {
  Ticket,
  TicketOfficeConfigurationError,
  TicketOfficeModule,
  TicketService,
  ticketOfficeMigrations,
} from 'nestjs-ticketoffice';
import { DataSource, DefaultNamingStrategy, type Table } from 'typeorm';
import { snakeCase } from 'typeorm/util/StringUtils.js';
import { expect, it } from 'vitest';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  type DatabaseOverrides,
  eachDatabase,
  eachServer,
  type TestDatabase,
} from '../../support/databases.js';
import { afterwards } from '../../support/suite-scope.js';
import { SECRET } from '../../support/office.js';
import { StatementLog } from '../../support/statement-log.js';

/** As the popular ones do: what is spelled out stays, everything else is in snake case. */
class SnakeNamingStrategy extends DefaultNamingStrategy {
  override tableName(className: string, customName?: string): string {
    return customName ?? snakeCase(className);
  }

  override columnName(propertyName: string, customName: string | undefined, prefixes: string[]): string {
    return snakeCase(prefixes.join('_')) + (customName ?? snakeCase(propertyName));
  }
}

const VARIANTS: [string, DatabaseOverrides][] = [
  ['as it is', {}],
  ['with a prefix for tables', { entityPrefix: 'museum_' }],
  ['with a snake-case naming strategy', { namingStrategy: new SnakeNamingStrategy() }],
  ['with both', { entityPrefix: 'museum_', namingStrategy: new SnakeNamingStrategy() }],
];

/** On a database that is as empty after the test as it was before. */
async function connect(database: TestDatabase, overrides: DatabaseOverrides): Promise<DataSource> {
  const options = { entities: [Ticket], migrations: ticketOfficeMigrations, ...overrides };
  const dataSource = await database.connect(options);
  afterwards(() => dataSource.dropDatabase());
  return dataSource;
}

const tableOf = async (dataSource: DataSource): Promise<Table | undefined> => {
  const queryRunner = dataSource.createQueryRunner();
  try {
    return await queryRunner.getTable(dataSource.getMetadata(Ticket).tablePath);
  } finally {
    await queryRunner.release();
  }
};

/** What makes two tables the same, as the database tells it. */
function shape(table: Table | undefined) {
  return (
    table && {
      name: table.name,
      engine: table.engine,
      indices: table.indices
        .map(({ name, columnNames, isUnique, where }) => ({ name, columnNames, isUnique, where }))
        .toSorted((one, other) => one.name!.localeCompare(other.name!)),
      rest: [table.foreignKeys.length, table.uniques.length, table.checks.length],
      columns: table.columns.map(({ name, type, length, isNullable, default: value, ...column }) => ({
        name,
        type,
        length,
        isNullable,
        value,
        charset: column.charset,
        collation: column.collation,
        isPrimary: column.isPrimary,
        primaryKey: column.primaryKeyConstraintName,
      })),
    }
  );
}

const collations = async (dataSource: DataSource): Promise<unknown[]> =>
  dataSource.query(
    `SELECT column_name AS name, character_set_name AS charset, collation_name AS collation
     FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY 1`,
    [dataSource.getMetadata(Ticket).tableName],
  );

const differences = async (dataSource: DataSource): Promise<string[]> =>
  (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

const insertOne = (dataSource: DataSource) =>
  dataSource
    .createQueryBuilder()
    .insert()
    .into(Ticket)
    .values({ uuid: '0190a0b0-0000-7000-8000-000000000000', ...SAMPLE })
    .execute();

const SAMPLE = {
  place: 'louvre',
  purpose: 'visit',
  data: {},
  createdAt: new Date(),
  verifier: 'none',
  generation: 1,
  attempts: 0,
};

eachDatabase('The migration', (database) => {
  it.each(VARIANTS)('makes the table that synchronize makes, %s', async (_, variant) => {
    const dataSource = await connect(database, variant);
    await dataSource.synchronize();
    const [synchronized, synchronizedText] = await both(dataSource);
    await dataSource.dropDatabase();
    await dataSource.runMigrations();
    const [migrated, migratedText] = await both(dataSource);
    expect(migrated?.columns).toHaveLength(14);
    expect(migrated).toEqual(synchronized);
    expect(migratedText).toEqual(synchronizedText);
  });

  async function both(dataSource: DataSource) {
    const text = database.type === 'mariadb' ? await collations(dataSource) : [];
    return [shape(await tableOf(dataSource)), text] as const;
  }

  it.each(VARIANTS)('leaves nothing for synchronize to change, %s', async (_, variant) => {
    const dataSource = await connect(database, variant);
    await dataSource.runMigrations();
    expect(await differences(dataSource)).toEqual([]);
  });

  it.each(VARIANTS)('goes down again, %s', async (_, variant) => {
    const dataSource = await connect(database, variant);
    await dataSource.runMigrations();
    expect(await tableOf(dataSource)).toBeDefined();
    await dataSource.undoLastMigration();
    expect((await tableOf(dataSource))?.indices).toEqual([]);
    await dataSource.undoLastMigration();
    expect(await tableOf(dataSource)).toBeUndefined();
    await dataSource.runMigrations();
    expect((await tableOf(dataSource))?.indices).toHaveLength(7);
  });

  it.each(VARIANTS)('makes a table that the office works on, %s', async (_, variant) => {
    await useUpOneTicket({ migrationsRun: true, ...variant });
  });

  async function useUpOneTicket(overrides: DatabaseOverrides) {
    const options = { autoLoadEntities: true, migrations: ticketOfficeMigrations, ...overrides };
    const typeorm = TypeOrmModule.forRoot(database.options(options));
    const imports = [typeorm, TicketOfficeModule.forRoot({ secret: SECRET })];
    const app = await Test.createTestingModule({ imports }).compile();
    afterwards(() => app.close());
    afterwards(() => app.get(DataSource).dropDatabase());
    const tickets = app.get(TicketService);
    const { credentials } = await tickets.issue({ place: 'louvre', purpose: 'visit', data: { a: 1 } });
    const ticket = await tickets.authenticate(credentials, 'louvre', 'visit');
    await (await tickets.claim(ticket)).stamp();
    expect((await tickets.find(ticket.uuid))?.used).toBe(true);
    expect(await tickets.revoke(ticket.uuid)).toBe(false);
  }

  it('runs once, under a name that is recorded', async () => {
    const dataSource = await connect(database, {});
    const first = await dataSource.runMigrations();
    expect(first.map(({ name }) => name)).toEqual([
      'CreateTicketOfficeTicket1795478400000',
      'IndexTicketOfficeTicket1795737600000',
    ]);
    expect(await dataSource.runMigrations()).toEqual([]);
  });

  it.each(VARIANTS)('[F-5] takes the table that synchronize has made, %s', async (_, variant) => {
    const dataSource = await connect(database, variant);
    await dataSource.synchronize();
    await insertOne(dataSource);
    await dataSource.runMigrations();
    expect(await dataSource.getRepository(Ticket).count()).toBe(1);
    expect(await differences(dataSource)).toEqual([]);
    expect(await dataSource.runMigrations()).toEqual([]);
  });

  it('[F-5] takes the table of a dump that lacks the record of migrations', async () => {
    const dataSource = await connect(database, {});
    await dataSource.runMigrations();
    await insertOne(dataSource);
    await dataSource.query('DROP TABLE migrations');
    expect(await dataSource.runMigrations()).toHaveLength(2);
    expect(await dataSource.getRepository(Ticket).count()).toBe(1);
  });

  it('[F-5] refuses a table of that name that is another, and names what it lacks', async () => {
    const dataSource = await connect(database, {});
    await dataSource.query(
      'CREATE TABLE ticket_office_ticket (uuid VARCHAR(36) PRIMARY KEY, place VARCHAR(9))',
    );
    const error = await dataSource.runMigrations().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
    expect(String(error)).toContain('lacks the columns purpose, subject, data');
    expect(String(error)).not.toContain('place,');
  });

  it('[F-5] goes down although two nodes have recorded it', async () => {
    const dataSource = await connect(database, {});
    await dataSource.runMigrations();
    await dataSource.query('INSERT INTO migrations (timestamp, name) SELECT timestamp, name FROM migrations');
    for (let undone = 0; undone < 4; undone += 1) await dataSource.undoLastMigration();
    expect(await tableOf(dataSource)).toBeUndefined();
  });

  it('adds the indexes to the table of an app that ran the first one, whose tickets stay', async () => {
    const dataSource = await connect(database, { migrations: ticketOfficeMigrations.slice(0, 1) });
    await dataSource.runMigrations();
    await insertOne(dataSource);
    const upgraded = await database.connect({ entities: [Ticket], migrations: ticketOfficeMigrations });
    expect(await upgraded.runMigrations()).toHaveLength(1);
    expect(await upgraded.getRepository(Ticket).count()).toBe(1);
    expect(await differences(upgraded)).toEqual([]);
  });

  it.skipIf(database.type !== 'mariadb')('makes every text column compare byte for byte', async () => {
    const dataSource = await connect(database, {});
    await dataSource.runMigrations();
    const columns = (await collations(dataSource)) as { name: string; charset: string | null }[];
    const text = columns.filter(({ charset }) => charset !== null);
    expect(text.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['place', 'purpose', 'subject', 'uuid']),
    );
    for (const column of text) {
      expect(column).toMatchObject({ charset: 'utf8mb4', collation: 'utf8mb4_bin' });
    }
  });

  it.skipIf(database.type !== 'postgres')(
    'lets writers go on while it builds, outside a transaction',
    async () => {
      const log = new StatementLog();
      const dataSource = await connect(database, { logger: log });
      const builds = async (transaction: 'none' | 'all') =>
        (await log.during(() => dataSource.runMigrations({ transaction }))).filter((sql) =>
          sql.startsWith('CREATE INDEX'),
        );
      const beside = await builds('none');
      expect(beside.filter((sql) => sql.includes(' CONCURRENTLY '))).toHaveLength(7);
      await dataSource.undoLastMigration({ transaction: 'none' });
      const within = await builds('all');
      expect(within).toHaveLength(7);
      expect(within.filter((sql) => sql.includes(' CONCURRENTLY '))).toEqual([]);
    },
  );

  it.skipIf(database.type !== 'postgres')('builds an index again whose build was cut short', async () => {
    const dataSource = await connect(database, {});
    await dataSource.runMigrations();
    const valid = `FROM pg_index WHERE indrelid = 'ticket_office_ticket'::regclass AND indisvalid`;
    await dataSource.query('DELETE FROM migrations WHERE name LIKE $1', ['Index%']);
    await dataSource.query(
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid IN (SELECT indexrelid ${valid} AND NOT indisprimary LIMIT 2)`,
    );
    await dataSource.runMigrations({ transaction: 'none' });
    expect(await dataSource.query(`SELECT count(*)::int AS count ${valid}`)).toEqual([{ count: 8 }]);
  });

  it.skipIf(database.type !== 'postgres').each(['all', 'none'] as const)(
    'takes a table in partitions, transaction: %s',
    async (transaction) => {
      const dataSource = await connect(database, {});
      await dataSource.runMigrations();
      await dataSource.query('ALTER TABLE ticket_office_ticket RENAME TO whole');
      await dataSource.query(
        'CREATE TABLE ticket_office_ticket (LIKE whole, PRIMARY KEY (uuid)) PARTITION BY HASH (uuid)',
      );
      for (const remainder of [0, 1])
        await dataSource.query(
          `CREATE TABLE part${remainder} PARTITION OF ticket_office_ticket FOR VALUES WITH (MODULUS 2, REMAINDER ${remainder})`,
        );
      await dataSource.query('DROP TABLE whole');
      await dataSource.query("DELETE FROM migrations WHERE name LIKE 'Index%'");
      expect(await dataSource.runMigrations({ transaction })).toHaveLength(1);
      expect((await tableOf(dataSource))?.indices).toHaveLength(7);
      await insertOne(dataSource);
      await dataSource.undoLastMigration({ transaction });
    },
  );

  it.skipIf(database.type !== 'postgres')('goes to the schema of the data source', async () => {
    const dataSource = await connect(database, { schema: 'museum' } as DatabaseOverrides);
    await dataSource.query('CREATE SCHEMA museum');
    await dataSource.runMigrations();
    const [{ place }] = (await dataSource.query(
      `SELECT string_agg(table_schema, ',') AS place FROM information_schema.tables
       WHERE table_name = 'ticket_office_ticket'`,
    )) as [{ place: string }];
    expect(place).toBe('museum');
    expect(await differences(dataSource)).toEqual([]);
    await dataSource.undoLastMigration();
    await dataSource.undoLastMigration();
    expect(await tableOf(dataSource)).toBeUndefined();
    await useUpOneTicket({ migrationsRun: true, schema: 'museum' } as DatabaseOverrides);
  });
});

/** How often four nodes start: a race that is lost once in a few times shows. */
const ROUNDS = 5;

eachServer('The migration on four nodes at once', (database) => {
  it.each(['all', 'each', 'none'] as const)('[F-5] runs on each, transaction: %s', async (transaction) => {
    const nodes = await Promise.all(Array.from({ length: 4 }, () => connect(database, {})));
    // TypeORM's own table of migrations is there, as in an app with other migrations.
    await nodes[0]!.runMigrations();
    for (let round = 0; round < ROUNDS; round += 1) {
      await nodes[0]!.query('DROP TABLE ticket_office_ticket');
      await nodes[0]!.query('DELETE FROM migrations');
      await Promise.all(nodes.map((node) => node.runMigrations({ transaction })));
      expect(await tableOf(nodes[0]!)).toBeDefined();
    }
  });

  it('[F-5] boots four apps on an empty database', async () => {
    // Nest tries again where TypeORM's own table of migrations was made by another node meanwhile.
    const options = { entities: [Ticket], migrations: ticketOfficeMigrations, migrationsRun: true };
    const retries = { retryAttempts: 9, retryDelay: 20, logging: false as const };
    const typeorm = database.options({ ...options, ...retries });
    const apps = await Promise.all(
      Array.from({ length: 4 }, () =>
        Test.createTestingModule({
          imports: [TypeOrmModule.forRoot(typeorm), TicketOfficeModule.forRoot({ secret: SECRET })],
        }).compile(),
      ),
    );
    afterwards(() => Promise.all(apps.map((app) => app.close())));
    afterwards(() => apps[0]!.get(DataSource).dropDatabase());
    const [issuer, ...others] = apps.map((app) => app.get(TicketService));
    const { ticket } = await issuer!.issue({ place: 'louvre', purpose: 'visit' });
    for (const other of others) expect(await other.find(ticket.uuid)).toBeDefined();
  });
});
