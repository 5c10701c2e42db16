import { Ticket, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import type { DataSource } from 'typeorm';
import { expect, inject, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { findPgBouncer, startPgBouncer } from './pgbouncer.js';
import { TransactionPooler } from './transaction.pooler.js';

/** So few connections of the pooler that a client seldom gets the same one again. */
const SIZE = 6;
const program = findPgBouncer();
type Start = (target: string) => Promise<string>;
const poolers: (readonly [string, Start])[] = [
  ['a pooler as the test plays it', async (target) => (await TransactionPooler.open(target, SIZE)).url],
  // It is said in poolers.spec.ts where it is missing.
  ...(program ? [['PgBouncer', (target: string) => startPgBouncer(program, target, SIZE)] as const] : []),
];

const postgres = inject('databases')
  .filter(({ name }) => name.startsWith('postgres'))
  .slice(0, 1);

/** How often four nodes start: a lock that is left behind shows at the next start. */
const ROUNDS = 3;

eachDatabase(
  'The migrations on four nodes at once',
  (database) => {
    it.each(poolers)('[F-5] [F-7] run outside a transaction through %s', async (_, start) => {
      const { url } = database.options() as { url: string };
      // The connection that migrates may be a node's only one.
      const options = { url: await start(url), poolSize: 1, entities: [Ticket] };
      const connect = () => database.connect({ ...options, migrations: ticketOfficeMigrations });
      const nodes = await Promise.all(Array.from({ length: 4 }, connect));
      const direct = await database.connect({ entities: [Ticket] });
      // TypeORM's own table of migrations is there, as in an app with other migrations.
      await nodes[0]!.runMigrations();
      for (let round = 0; round < ROUNDS; round += 1) {
        await direct.query('DROP TABLE ticket_office_ticket');
        await direct.query('DELETE FROM migrations');
        await Promise.all(nodes.map((node) => node.runMigrations({ transaction: 'none' })));
        expect(await locksOf(direct)).toEqual([]);
        expect(await differences(direct)).toEqual([]);
      }
      await direct.dropDatabase();
    });
  },
  postgres,
);

const locksOf = (dataSource: DataSource): Promise<unknown[]> =>
  dataSource.query(
    `SELECT objid FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND datname = current_database()`,
  );

const differences = async (dataSource: DataSource): Promise<string[]> =>
  (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
