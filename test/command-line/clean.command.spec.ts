import { beforeAll, beforeEach, expect, it } from 'vitest';
import { root } from '../support/built-package.js';
import { TestClock } from '../support/clock.js';
import { eachDatabase, oneDatabase, type TestDatabase } from '../support/databases.js';
import { startOffice, type TicketOffice } from '../support/office.js';
import { type CommandLine, commandLine } from './command.js';

const DAY = 24 * 60 * 60 * 1000;

/** An app whose tickets were over 40 days ago, and 20 days ago. */
function museumWithOldTickets(database: TestDatabase) {
  const clock = new TestClock(new Date());
  const museum = {} as { run: CommandLine; office: TicketOffice };
  beforeAll(async () => {
    museum.run = await commandLine(root);
    museum.office = await startOffice(database, { now: clock.now });
    museum.run.writeDataSource('data-source.mjs', database.options());
  });
  beforeEach(async () => {
    await museum.office.tickets.revokeAll({ place: 'louvre' });
    await museum.office.dataSource.query('DELETE FROM ticket_office_ticket');
  });
  const revoked = async (days: number, count: number) => {
    clock.advance(-days * DAY);
    for (let left = count; left > 0; left -= 1) {
      const { ticket } = await museum.office.tickets.issue({
        place: 'louvre',
        purpose: 'visit',
        expiresIn: null,
      });
      await museum.office.tickets.revoke(ticket.uuid);
    }
    clock.advance(days * DAY);
  };
  return { museum, revoked, left: async () => (await museum.office.tickets.list({ limit: 1000 })).length };
}

eachDatabase('ticket-office clean', (database) => {
  const { museum, revoked, left } = museumWithOldTickets(database);

  it('deletes what has been over for thirty days, or as long as it is told', async () => {
    await revoked(40, 3);
    await revoked(20, 2);
    await revoked(0, 1);
    const clean = ['clean', '-d', 'data-source.mjs'];
    const first = await museum.run([...clean, '--batch-size', '2'], {
      env: { TICKET_OFFICE_SECRET: undefined },
    });
    expect(first).toEqual({
      code: 0,
      stdout: 'Deleted 0 used, 3 revoked and 0 expired tickets.\n',
      stderr: '',
    });
    expect(await left()).toBe(3);
    const second = await museum.run([...clean, '--keep', '10d', '--place', 'louvre', '--json']);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(second.stdout)).toEqual({ used: 0, revoked: 2, expired: 0 });
    const elsewhere = await museum.run([...clean, '--before', new Date().toISOString(), '--place', 'orsay']);
    expect(elsewhere.code).toBe(0);
    expect(await left()).toBe(1);
  });
});

oneDatabase('ticket-office clean', (database) => {
  const { museum, revoked, left } = museumWithOldTickets(database);

  /** A data source whose process gets a signal before a DELETE. */
  const interrupted = (name: string, signal: string, at: number) =>
    museum.run.write(
      name,
      `import { DataSource, EventSubscriber } from 'typeorm';
      let deletes = 0;
      class Interruption {
        beforeQuery({ query }) {
          if (/^DELETE/.test(query) && (deletes += 1) === ${at}) process.kill(process.pid, '${signal}');
        }
      }
      EventSubscriber()(Interruption);
      const options = ${JSON.stringify(database.options())};
      export default new DataSource({ ...options, subscribers: [Interruption] });`,
    );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('ends after the statement that runs on %s, and says how far it came', async (signal, code) => {
    await revoked(40, 6);
    const ended = await museum.run.process([
      'clean',
      '-d',
      interrupted(`${signal}.mjs`, signal, 1),
      '--batch-size',
      '2',
    ]);
    const rest = await left();
    expect(rest).toBeGreaterThan(0);
    expect(ended).toEqual({
      code,
      stdout: '',
      stderr: `ticket-office: interrupted: ${6 - rest} tickets deleted so far; the same command goes on from there\n`,
    });
    // The same command again.
    await museum.run(['clean', '-d', 'data-source.mjs']);
    expect(await left()).toBe(0);
  });
});
