import { Ticket, type TicketService, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import type { DataSource } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { aroundQueries } from '../../support/around-queries.js';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { fillTable } from './table.fill.js';

const ROWS = 100_000;

const louvre = { place: 'place 7', purpose: 'purpose 3' };

type Call = (tickets: TicketService) => Promise<unknown>;
/** The calls that an index serves, and that need no sorting. */
const ORDERED: [string, Call][] = [
  ['list()', (tickets) => tickets.list()],
  ['list({ order })', (tickets) => tickets.list({ order: 'newest' })],
  ['list({ place })', (tickets) => tickets.list({ place: 'place 7' })],
  ['list({ purpose })', (tickets) => tickets.list({ purpose: 'purpose 3' })],
  ['list({ place, purpose })', (tickets) => tickets.list(louvre)],
  ['list({ place, purpose, order })', (tickets) => tickets.list({ ...louvre, order: 'newest' })],
  ['list({ status: used })', (tickets) => tickets.list({ status: 'used' })],
  ['list({ status: expired })', (tickets) => tickets.list({ status: 'expired' })],
];
/** The calls that an index serves: those with few matches may be sorted. */
const SERVED: [string, Call][] = [
  ...ORDERED,
  ['list({ subject })', (tickets) => tickets.list({ subject: 'user 77' })],
  ['list({ place, subject })', (tickets) => tickets.list({ place: 'place 7', subject: 'user 77' })],
  ['list({ status: valid })', (tickets) => tickets.list({ status: 'valid' })],
  ['list({ status: revoked })', (tickets) => tickets.list({ status: 'revoked' })],
  ['list({ status: locked })', (tickets) => tickets.list({ status: 'locked' })],
  ['list({ place, status: claimed })', (tickets) => tickets.list({ place: 'place 7', status: 'claimed' })],
  ['count({ place })', (tickets) => tickets.count({ place: 'place 7' })],
  ['count({ purpose, subject })', (tickets) => tickets.count({ purpose: 'purpose 3', subject: 'user 77' })],
  ['count({ place, purpose })', (tickets) => tickets.count(louvre)],
  ['count({ subject })', (tickets) => tickets.count({ subject: 'user 77' })],
  ['count({ status: valid })', (tickets) => tickets.count({ status: 'valid' })],
  ['count({ status: revoked })', (tickets) => tickets.count({ status: 'revoked' })],
  ['count({ status: locked })', (tickets) => tickets.count({ status: 'locked' })],
  ['revokeAll({ subject })', (tickets) => tickets.revokeAll({ subject: 'user 77' })],
  ['revokeAll({ place, purpose })', (tickets) => tickets.revokeAll(louvre)],
  ['clean()', (tickets) => tickets.clean()],
  ['clean({ place })', (tickets) => tickets.clean({ place: 'place 8' })],
  ['find()', (tickets) => tickets.find('01a14d50-00c4-7964-8d18-0ea80d672a81')],
];

const onTickets = /^(SELECT|UPDATE|DELETE)\b.*ticket_office_ticket/s;

/** What a plan of each database says when it reads a whole table, and when it sorts. */
const PLANS = {
  'better-sqlite3': {
    explain: 'EXPLAIN QUERY PLAN ',
    whole: /SCAN \w*ticket\w*(?! USING)\b/,
    sort: /B-TREE FOR ORDER/,
  },
  postgres: { explain: 'EXPLAIN (FORMAT JSON) ', whole: /Seq Scan/, sort: /"(Incremental )?Sort"/ },
  // A derived table is the slice that was just read by an index.
  mariadb: { explain: 'EXPLAIN ', whole: /"table":"\w+","type":"ALL"/, sort: /filesort/ },
};

eachDatabase('The indexes', (database) => {
  let office: TicketOffice;
  const clock = new TestClock();

  beforeAll(async () => {
    const typeorm = { synchronize: false, migrations: ticketOfficeMigrations, migrationsRun: true };
    office = await startOffice(database, { now: clock.now }, typeorm);
    await fillTable(office.dataSource, ROWS, clock.now().getTime());
  });

  /** The plans of the statements on tickets that a call sends, before each runs. */
  async function plansOf(call: Call): Promise<string[]> {
    const plans: string[] = [];
    const { explain } = PLANS[database.type];
    const { dataSource, tickets } = office;
    let isExplaining = false;
    aroundQueries(dataSource, async (sql, run, parameters) => {
      if (!isExplaining && onTickets.test(sql) && !sql.endsWith('WHERE 1 = 0')) {
        isExplaining = true;
        plans.push(JSON.stringify(await explained(dataSource, explain + sql, parameters)));
        isExplaining = false;
      }
      return run();
    });
    await call(tickets);
    expect(plans.length).toBeGreaterThan(0);
    return plans;
  }

  describe.each(SERVED)('serve %s', (name, call) => {
    it('among 100,000 tickets', async () => {
      const { whole, sort } = PLANS[database.type];
      for (const plan of await plansOf(call)) {
        expect(plan).not.toMatch(whole);
        if (ORDERED.some(([ordered]) => ordered === name)) expect(plan).not.toMatch(sort);
      }
    });
  });

  it.skipIf(database.type !== 'postgres')('are not written to by a claim and a stamp', async () => {
    const { dataSource, tickets } = office;
    const issued: Ticket[] = [];
    for (let number = 0; number < 200; number += 1)
      issued.push((await tickets.issue({ place: 'louvre', purpose: 'visit', subject: number })).ticket);
    const before = await updates(dataSource);
    for (const ticket of issued) await (await tickets.claim(ticket)).stamp();
    const after = await updates(dataSource);
    expect(after.all - before.all).toBe(400);
    // Some find their page full of other rows: the more, the busier the server. An index on what claims or stamps change
    // would leave 200 at most.
    expect(after.heapOnly - before.heapOnly).toBeGreaterThan(300);
  });
});

/** On a connection of its own: the one of the statement may be in a transaction, or be the statement's alone. */
async function explained(
  dataSource: DataSource,
  sql: string,
  parameters: readonly unknown[],
): Promise<unknown> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    return await queryRunner.query(sql, [...parameters]);
  } finally {
    await queryRunner.release();
  }
}

/** The updates of the table that PostgreSQL has counted; those of the connection that asks are counted at once. */
async function updates(dataSource: DataSource): Promise<{ all: number; heapOnly: number }> {
  await dataSource.query('SELECT pg_stat_force_next_flush()');
  const [counts] = (await dataSource.query(
    `SELECT n_tup_upd::int AS "all", n_tup_hot_upd::int AS "heapOnly" FROM pg_stat_user_tables
     WHERE relname = 'ticket_office_ticket'`,
  )) as [{ all: number; heapOnly: number }];
  return counts;
}
