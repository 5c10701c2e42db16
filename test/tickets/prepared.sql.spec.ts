import { Ticket, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { PreparedSql } from '../../lib/tickets/prepared.sql.js';
import { Statement } from '../../lib/tickets/statement.js';
import { eachDatabase, type TestDatabase } from '../support/databases.js';
import { StatementLog } from '../support/statement-log.js';

/** A data source with a single connection, and a statement that counts the tickets. */
async function counting(database: TestDatabase) {
  const log = new StatementLog();
  const dataSource = await database.connect({
    ...{
      entities: [Ticket],
      migrations: ticketOfficeMigrations,
      migrationsRun: true,
      logger: log,
      logging: true,
    },
    ...(database.type === 'postgres' && { poolSize: 1 }),
  });
  const builder = dataSource.createQueryBuilder().select('COUNT(*)', 'count').from(Ticket, 'ticket');
  return {
    dataSource,
    log,
    count: new Statement(dataSource, builder.where('ticket.uuid <> :uuid'), ['uuid']),
  };
}

eachDatabase('A prepared statement', (database) => {
  const onPostgres = it.runIf(database.type === 'postgres');

  it('is a string to a logger of the app', async () => {
    const { count, log } = await counting(database);
    const [logged] = await log.during(() => count.run({ uuid: '' }));
    expect(logged).toMatch(/^SELECT COUNT\(\*\)/);
  });

  onPostgres('is prepared once for a connection', async () => {
    const { dataSource, count } = await counting(database);
    await count.run({ uuid: '' });
    await count.run({ uuid: '' });
    const prepared = await dataSource.query<{ name: string }[]>('SELECT name FROM pg_prepared_statements');
    expect(prepared.map(({ name }) => name)).toEqual([expect.stringMatching(/^ticket-office-[0-9a-f]{16}$/)]);
  });

  onPostgres('goes on without a name where a pooler has lost it', async () => {
    const { dataSource, count } = await counting(database);
    await count.run({ uuid: '' });
    await dataSource.query('DEALLOCATE ALL');
    const { records } = await count.run({ uuid: '' });
    expect(records).toEqual([{ count: '0' }]);
    expect(await dataSource.query('SELECT name FROM pg_prepared_statements')).toEqual([]);
  });

  onPostgres('is not sent again within a transaction, which the error has spoilt', async () => {
    const { dataSource, count } = await counting(database);
    await count.run({ uuid: '' });
    await dataSource.query('DEALLOCATE ALL');
    await expect(dataSource.transaction((manager) => count.run({ uuid: '' }, manager))).rejects.toMatchObject(
      {
        driverError: { code: '26000' },
      },
    );
  });
});

describe('What is sent', () => {
  const sent = new PreparedSql('  SELECT 1  ', { options: { type: 'postgres' } } as never).toSend();

  it('answers to the methods of a string', () => {
    expect([sent.trim(), sent.toUpperCase(), sent.replace('1', '2'), [sent].join()]).toEqual([
      'SELECT 1',
      '  SELECT 1  ',
      '  SELECT 2  ',
      '  SELECT 1  ',
    ]);
  });

  it('has a name for the same text, and another for another', () => {
    const named = (text: string) =>
      new PreparedSql(text, { options: { type: 'postgres' } } as never).toSend();
    expect(named('SELECT 1')).toEqual(named('SELECT 1'));
    expect(named('SELECT 1')).not.toEqual(named('SELECT 2'));
  });
});
