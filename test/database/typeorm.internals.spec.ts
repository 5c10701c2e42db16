import { existsSync } from 'node:fs';
import {
  And,
  type DataSource,
  Entity,
  Equal,
  type EntitySubscriberInterface,
  IsNull,
  LessThan,
  MoreThan,
  Not,
  Or,
  PrimaryColumn,
  type QueryRunner,
} from 'typeorm';
import { Ticket } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import {
  asDataSourceOf,
  attachAs,
  broadcasterFor,
  entityOf,
  dataSourceOf,
  DataSourceWithHooks,
  driverOf,
  HarmlessBroadcaster,
  namedQuery,
  subscribeFirst,
  transactionDepthOf,
} from '../../lib/database/typeorm.internals.js';
import { eachDatabase } from '../support/databases.js';
import { StatementLog } from '../support/statement-log.js';

@Entity({ database: 'elsewhere.sqlite' })
class Memoir {
  @PrimaryColumn({ type: 'varchar' })
  title!: string;
}

/** What the library uses of TypeORM beyond its documented API: each is a place to look at when a version moves it. */
eachDatabase('TypeORM’s internals', (database) => {
  const log = new StatementLog();
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await database.connect({
      entities: [Ticket],
      synchronize: true,
      logger: log,
      logging: ['query'],
    });
  });

  it('QueryRunner.transactionDepth counts the transaction and its savepoints', async () => {
    const runner = dataSource.createQueryRunner();
    const depths = [transactionDepthOf(runner)];
    await runner.startTransaction();
    depths.push(transactionDepthOf(runner));
    await runner.startTransaction();
    depths.push(transactionDepthOf(runner));
    await runner.rollbackTransaction();
    depths.push(transactionDepthOf(runner));
    await runner.rollbackTransaction();
    await runner.release();
    expect(depths).toEqual([0, 1, 2, 1]);
  });

  it('Broadcaster calls subscribers with the query runner that it was made for', async () => {
    const runner = dataSource.createQueryRunner();
    const standIn = Object.create(runner) as QueryRunner;
    let met: QueryRunner | undefined;
    const subscriber: EntitySubscriberInterface = {
      afterTransactionCommit: ({ queryRunner }) => void (met = queryRunner),
    };
    subscribeFirst(dataSource, subscriber);
    await broadcasterFor(standIn).broadcast('AfterTransactionCommit');
    dataSource.subscribers.splice(dataSource.subscribers.indexOf(subscriber), 1);
    await runner.release();
    expect(met).toBe(standIn);
    expect(runner).toHaveProperty('broadcaster');
  });

  it('Broadcaster is asked for each event that a subscriber may fail at', async () => {
    const runner = dataSource.createQueryRunner();
    const reports: unknown[] = [];
    const broadcaster = new HarmlessBroadcaster(runner, (error) => reports.push(error));
    Object.assign(runner, { broadcaster });
    const broken = () => Promise.reject(new Error('broken'));
    const subscriber: EntitySubscriberInterface = {
      afterInsert: broken,
      afterQuery: broken,
      afterTransactionStart: broken,
      beforeTransactionRollback: broken,
      afterTransactionRollback: broken,
      afterTransactionCommit: broken,
      beforeTransactionCommit: broken,
    };
    subscribeFirst(dataSource, subscriber);
    await runner.startTransaction();
    await expect(runner.commitTransaction()).rejects.toThrow('broken');
    await runner.rollbackTransaction();
    dataSource.subscribers.splice(dataSource.subscribers.indexOf(subscriber), 1);
    Object.assign(runner, { broadcaster: broadcasterFor(runner) });
    await runner.release();
    // BEGIN and its event, both of the rollback, ROLLBACK.
    expect(reports).toHaveLength(5);
  });

  it('QueryRunner, EntityManager and the driver know their data source', async () => {
    const runner = dataSource.createQueryRunner();
    const owners = [runner, dataSource.manager, dataSource.createEntityManager(runner), driverOf(runner)];
    expect(owners.map(dataSourceOf).map((own) => own === dataSource)).toEqual(owners.map(() => true));
    await runner.release();
  });

  it('QueryRunner.driver has the data source whose logger is called', async () => {
    const runner = dataSource.createQueryRunner();
    const driver = driverOf(runner);
    const queries: string[] = [];
    const logger = { logQuery: (query: string) => void queries.push(query) };
    const other = Object.create(dataSource, { logger: { value: logger } }) as DataSource;
    const standIn = Object.assign(Object.create(driver) as object, asDataSourceOf(driver, other));
    Object.assign(runner, { driver: standIn });
    await runner.query('SELECT 1');
    Object.assign(runner, { driver });
    await runner.release();
    expect(queries).toEqual(['SELECT 1']);
  });

  it('DataSource.subscribers is the list that is read at each event', () => {
    const [first, second]: EntitySubscriberInterface[] = [{}, {}];
    subscribeFirst(dataSource, first!);
    subscribeFirst(dataSource, second!);
    subscribeFirst(dataSource, first!);
    expect(dataSource.subscribers.splice(0, 2)).toEqual([second, first]);
  });

  it('EntityManager assigns itself to its query runner, and knows it', () => {
    const runner = dataSource.createQueryRunner();
    const manager = dataSource.createEntityManager(runner);
    expect(manager.queryRunner).toBe(runner);
    expect(runner).toHaveProperty('isReleased', false);
  });

  it('a transformer gets the values of operators, in find() as in the criteria of update() and delete()', async () => {
    const tickets = dataSource.getRepository(Ticket);
    const [createdAt, usedAt] = [new Date(1_000), new Date(2_000)];
    const row = { uuid: 'u', place: 'p', purpose: 'q', data: [1], createdAt, expiresAt: null, verifier: 'v' };
    await tickets.insert({ ...row, subject: 's', attempts: 0, generation: 1 } as object);
    const before = () => LessThan(new Date(1_001));
    const count = () => tickets.countBy({ createdAt: before(), usedAt: Not(IsNull()), data: Not('') });
    await tickets.update({ createdAt: LessThan(new Date(1_000)), usedAt: IsNull() }, { usedAt });
    expect(await count()).toBe(0);
    await tickets.update({ createdAt: before(), usedAt: IsNull(), data: Not('') }, { usedAt });
    expect(await count()).toBe(1);
    const never = () => Or(LessThan(new Date(1)), And(MoreThan(new Date(1)), LessThan(new Date(1_000))));
    await tickets.delete({ createdAt: never() });
    await tickets.delete({ data: Not(Or(Equal([1]), Equal([2]))) });
    expect(await count()).toBe(1);
    await tickets.delete({ createdAt: Or(never(), before()), usedAt: Not(IsNull()) });
    expect(await tickets.count()).toBe(0);
  });

  it('QueryExpressionMap.mainAlias has the entity; EntityMetadata.columns has a column for each field, with its name in the entity and in the database', () => {
    const { columns, target } = entityOf(dataSource.createQueryBuilder().select().from(Ticket, 'ticket'));
    const names = columns.map((column) => [column.propertyName, column.databaseName]);
    expect(target).toBe(Ticket);
    expect(new Set(columns.map((column) => column.target))).toEqual(new Set([Ticket]));
    expect(names).toContainEqual(['createdAt', 'createdAt']);
    expect(names).toHaveLength(14);
  });

  it('DataSource.buildMetadatas is called once by initialize(), which then uses its subscribers', async () => {
    const built: number[] = [];
    class Hooked extends DataSourceWithHooks {
      protected override connected(): void {
        built.push(this.entityMetadatas.length);
      }

      protected override metadataBuilt(): void {
        built.push(this.entityMetadatas.length);
        this.shareSubscribersOf(dataSource);
      }
    }
    const hooked = await new Hooked(database.options({ entities: [Ticket] })).initialize();
    expect(built).toEqual([0, 1]);
    expect(hooked.subscribers).toBe(dataSource.subscribers);
    await hooked.destroy();
  });

  it.runIf(database.type === 'better-sqlite3')(
    'AbstractSqliteDriver.attachedDatabases are attached after the metadata is built',
    async () => {
      const archive = `${(database.options() as { database: string }).database}-archive`;
      class Attaching extends DataSourceWithHooks {
        protected override connected(): void {}

        protected override metadataBuilt(): void {
          const [name] = this.getMetadata(Memoir).tablePath.split('.');
          attachAs(this, new Map([[name!, archive]]));
        }
      }
      const attaching = new Attaching(database.options({ entities: [Ticket, Memoir], synchronize: true }));
      await attaching.initialize();
      await attaching.manager.insert(Memoir, { title: 'Souvenirs' });
      await attaching.destroy();
      expect(existsSync(archive)).toBe(true);
    },
  );

  it.runIf(database.type === 'postgres')(
    'QueryRunner.query hands a named query on to pg, and logs it as text',
    async () => {
      const runner = dataSource.createQueryRunner();
      const statements = await log.during(() =>
        runner.query(namedQuery('SELECT 1 AS one', 'ticket-office-internals')),
      );
      const prepared = (await runner.query(
        "SELECT statement FROM pg_prepared_statements WHERE name = 'ticket-office-internals'",
      )) as object[];
      await runner.release();
      expect(statements.map(String)).toEqual(['SELECT 1 AS one']);
      expect(prepared).toEqual([{ statement: 'SELECT 1 AS one' }]);
    },
  );
});
