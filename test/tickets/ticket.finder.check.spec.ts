import { Ticket, TicketOfficeBusyError, TicketOfficeConfigurationError } from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { faultsOn, spoil } from '../support/driver-faults.js';
import { startOffice } from '../support/office.js';
import { StatementLog } from '../support/statement-log.js';

const visit = { place: 'louvre', purpose: 'visit' };
const refusal = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => new Error('resolved'),
    (error: Error) => error,
  );

eachDatabase('check()', (database) => {
  it('resolves, by one statement that finds no row and names every column', async () => {
    const log = new StatementLog();
    const { tickets, dataSource } = await startOffice(database, {}, { logger: log });
    await tickets.issue(visit);
    const queries = await log.during(async () => expect(await tickets.check()).toBeUndefined());
    expect(queries).toHaveLength(1);
    expect(queries[0]).toMatch(/^SELECT .* WHERE .*uuid.* = /);
    const { columns } = dataSource.getMetadata(Ticket);
    for (const { databaseName } of columns) expect(queries[0]).toMatch(new RegExp(`\\W${databaseName}\\W`));
  });

  it('rejects without the table, and resolves once it is there', async () => {
    const { tickets, dataSource } = await startOffice(database, {}, { synchronize: false, dropSchema: true });
    const error = await refusal(tickets.check());
    expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
    expect(error.message).toMatch(/^The table ticket_office_ticket is missing: run the migrations/);
    await dataSource.synchronize();
    await tickets.check();
  });

  describe.each(['uuid', 'subject', 'verifier', 'claimedAt'])('without the column %s', (column) => {
    it('rejects, and says to run the migrations', async () => {
      const { tickets, dataSource } = await startOffice(database, {}, { dropSchema: true });
      const escape = (name: string) => dataSource.driver.escape(name);
      await tickets.check();
      const table = escape('ticket_office_ticket');
      await dataSource.query(`ALTER TABLE ${table} RENAME COLUMN ${escape(column)} TO ${escape('other')}`);
      const error = await refusal(tickets.check());
      expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
      expect(error.message).toMatch(
        /^The table ticket_office_ticket is not as this version .*run the migrations/,
      );
      expect(error.message).toContain(column);
      expect(error.cause).toBeInstanceOf(Error);
      await dataSource.query(`ALTER TABLE ${table} RENAME COLUMN ${escape('other')} TO ${escape(column)}`);
      await tickets.check();
    });
  });

  const ways = faultsOn(database).filter(([name]) => !/file|snapshot/.test(name));
  describe.runIf(ways.length > 0)('when the database cannot answer', () => {
    it.each(ways)('for a moment resolves after a retry, and rejects when it lasts: %s', async (_, make) => {
      const { tickets, dataSource } = await startOffice(database);
      await tickets.check();
      spoil(dataSource, (sql) => sql.startsWith('SELECT'), make, { times: 1 });
      await tickets.check();
      const sent = spoil(dataSource, (sql) => sql.startsWith('SELECT'), make, { times: 100 });
      expect(await refusal(tickets.check())).toBeInstanceOf(TicketOfficeBusyError);
      expect(sent).toHaveLength(4);
    });
  });
});
