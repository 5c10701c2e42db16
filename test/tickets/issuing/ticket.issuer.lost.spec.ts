import { TicketOfficeBusyError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { lostFaultsOn, spoil } from '../../support/driver-faults.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { skipRetryWaits } from '../../support/retry-waits.js';

const visit = { place: 'louvre', purpose: 'visit' };
const isInsert = (sql: string) => sql.startsWith('INSERT');

eachDatabase('issue(), when the answer of the database is lost', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
    skipRetryWaits();
  });

  it('is tested on servers: SQLite has no connection to lose', () => {
    expect(lostFaultsOn(database).length > 0).toBe(database.type !== 'better-sqlite3');
  });

  it.each(lostFaultsOn(database))('by %s, writes one ticket, and hands it out', async (_, make) => {
    for (const isRun of [true, false]) {
      const before = await office.tickets.count();
      const sent = spoil(office.dataSource, isInsert, make, { times: 1, isRun });
      const { ticket } = await office.tickets.issue(visit);
      expect(sent).toHaveLength(2);
      expect(await office.tickets.count()).toBe(before + 1);
      expect(await office.tickets.find(ticket.uuid)).toEqual(ticket);
    }
  });

  it.each(lostFaultsOn(database).slice(0, 1))('by %s, again and again, throws', async (_, make) => {
    spoil(office.dataSource, isInsert, make, { times: 100 });
    await expect(office.tickets.issue(visit)).rejects.toThrow(TicketOfficeBusyError);
  });

  it.each(lostFaultsOn(database).slice(0, 1))('by %s, in the app’s transaction, throws', async (_, make) => {
    const sent = spoil(office.dataSource, isInsert, make, { times: 1 });
    const work = office.dataSource.transaction((manager) => office.tickets.issue(visit, manager));
    await expect(work).rejects.toThrow();
    expect(sent).toHaveLength(1);
  });
});
