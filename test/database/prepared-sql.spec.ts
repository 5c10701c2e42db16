import { Ticket, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { type DataSource, QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { ownedQueryRunner } from '../../lib/database/owned-query-runner.js';
import { PreparedSql } from '../../lib/database/prepared-sql.js';
import { Statement } from '../../lib/database/statement.js';
import { aroundQueries } from '../support/around-queries.js';
import { rendezvous } from '../support/barrier.js';
import { eachDatabase, type TestDatabase } from '../support/databases.js';
import { StatementLog } from '../support/statement-log.js';

/** A data source with a single connection, or a few, and a statement that counts the tickets. */
async function counting(database: TestDatabase, poolSize = 1) {
  const log = new StatementLog();
  const dataSource = await database.connect({
    ...{
      entities: [Ticket],
      migrations: ticketOfficeMigrations,
      migrationsRun: true,
      logger: log,
      logging: true,
    },
    ...(database.type === 'postgres' && { poolSize }),
  });
  const builder = dataSource.createQueryBuilder().select('COUNT(*)', 'count').from(Ticket, 'ticket');
  const count = new Statement(dataSource, builder.where('ticket.uuid <> :uuid'), ['uuid']);
  return { dataSource, log, count: () => runAlone(dataSource, count), statement: count };
}

/** Runs a statement on a connection of its own. */
async function runAlone(dataSource: DataSource, statement: Statement<'uuid'>) {
  const queryRunner = ownedQueryRunner(dataSource.createQueryRunner());
  try {
    return await statement.run({ uuid: '' }, queryRunner);
  } finally {
    await queryRunner.release();
  }
}

eachDatabase('A prepared statement', (database) => {
  const onPostgres = it.runIf(database.type === 'postgres');

  it('is as good as a string to a logger of the app', async () => {
    const { count, log } = await counting(database);
    await count();
    const text = log.statements.at(-1)!;
    const logged = log.raw.at(-1) as string;
    expect(text).toMatch(/^SELECT COUNT\(\*\)/);
    expect(JSON.stringify(logged)).toBe(JSON.stringify(text));
    expect(['SQL: ' + logged, `SQL: ${logged}`]).toEqual([`SQL: ${text}`, `SQL: ${text}`]);
    // oxlint-disable-next-line eqeqeq -- as careless as an app may be
    expect(logged == text).toBe(true);
    expect(String(Buffer.from(logged))).toBe(text);
    expect([logged.length, logged.trim(), logged.slice(0, 6)]).toEqual([text.length, text, 'SELECT']);
  });

  onPostgres('is prepared once for a connection', async () => {
    const { dataSource, count } = await counting(database);
    await count();
    await count();
    const prepared = await dataSource.query<{ name: string }[]>('SELECT name FROM pg_prepared_statements');
    expect(prepared.map(({ name }) => name)).toEqual([expect.stringMatching(/^ticket-office-[0-9a-f]{16}$/)]);
  });

  onPostgres('goes on without a name where a pooler has lost it', async () => {
    const { dataSource, count } = await counting(database);
    await count();
    await dataSource.query('DEALLOCATE ALL');
    const { records } = await count();
    expect(records).toEqual([{ count: '0' }]);
    expect(await dataSource.query('SELECT name FROM pg_prepared_statements')).toEqual([]);
  });

  onPostgres('goes on where a migration has changed the table', async () => {
    const { dataSource } = await counting(database);
    const builder = dataSource
      .createQueryBuilder()
      .select('ticket.verifier', 'verifier')
      .from(Ticket, 'ticket');
    const load = new Statement(dataSource, builder.where('ticket.uuid = :uuid'), ['uuid']);
    await runAlone(dataSource, load);
    await dataSource.query('ALTER TABLE ticket_office_ticket ALTER COLUMN verifier TYPE varchar(300)');
    expect((await runAlone(dataSource, load)).records).toEqual([]);
  });

  onPostgres('is not prepared in a transaction of the app, which an error would spoil', async () => {
    const { dataSource, count, statement } = await counting(database);
    await count();
    await dataSource.query('DEALLOCATE ALL');
    const { records } = await dataSource.transaction((manager) =>
      statement.run({ uuid: '' }, manager.queryRunner!),
    );
    expect(records).toEqual([{ count: '0' }]);
  });

  onPostgres(
    '[F-7] is not prepared on a query runner of the app, which may have begun a transaction by hand',
    async () => {
      const { dataSource, count, statement } = await counting(database);
      await count();
      await dataSource.query('DEALLOCATE ALL');
      const queryRunner = dataSource.createQueryRunner();
      await queryRunner.query('BEGIN');
      const { records } = await statement.run({ uuid: '' }, queryRunner);
      await queryRunner.query('COMMIT');
      await queryRunner.release();
      expect(records).toEqual([{ count: '0' }]);
    },
  );

  onPostgres('[F-7] is sent as text by each of many at once for which a pooler has lost it', async () => {
    const { dataSource, statement } = await counting(database, 3);
    const [arrive, texts] = [rendezvous(3), [] as string[]];
    aroundQueries(dataSource, async (sql, run) => {
      if (texts.push(sql) > 3) return run();
      await arrive();
      throw new QueryFailedError(sql, [], Object.assign(new Error('It exists'), { code: '42P05' }));
    });
    const all = await Promise.all([1, 2, 3].map(() => runAlone(dataSource, statement)));
    expect(all.flatMap(({ records }) => records)).toEqual([{ count: '0' }, { count: '0' }, { count: '0' }]);
    expect(texts).toHaveLength(6);
  });

  onPostgres('[F-7] is not sent again on a connection that the pooler has ended', async () => {
    const { dataSource, count } = await counting(database);
    const sent: string[] = [];
    const fatal = { code: '26000', severity: 'FATAL' };
    aroundQueries(dataSource, async (sql) => {
      sent.push(sql);
      throw new QueryFailedError(sql, [], Object.assign(new Error('It does not exist'), fatal));
    });
    await expect(count()).rejects.toThrow('It does not exist');
    expect(sent).toHaveLength(1);
  });

  it('leaves any other error as it is', async () => {
    const { dataSource } = await counting(database);
    const builder = dataSource.createQueryBuilder().select('ticket.place').from('no_such_table', 'ticket');
    const broken = new Statement(dataSource, builder.where('ticket.uuid = :uuid'), ['uuid']);
    await expect(runAlone(dataSource, broken)).rejects.toThrow(/no_such_table/);
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

  it('[F-7] is plain text once a pooler has it under another name, and each that was sent before is lost', () => {
    const dataSource = { options: { type: 'postgres' } } as never;
    const [sql, other] = [new PreparedSql('SELECT 1', dataSource), new PreparedSql('SELECT 2', dataSource)];
    const early = [sql.toSend(), sql.toSend()];
    const error = { driverError: { code: '42P05' } };
    expect(early.map((one) => sql.lost(one, error))).toEqual([true, true]);
    expect([sql.toSend(), other.toSend()]).toEqual(['SELECT 1', 'SELECT 2']);
    expect(sql.lost(sql.toSend(), error)).toBe(false);
  });

  it('has a name for the same text, and another for another', () => {
    const named = (text: string) =>
      new PreparedSql(text, { options: { type: 'postgres' } } as never).toSend();
    expect(named('SELECT 1')).toEqual(named('SELECT 1'));
    expect(named('SELECT 1')).not.toEqual(named('SELECT 2'));
  });
});
