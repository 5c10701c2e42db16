import { CredentialsError, TicketBusyError } from 'nestjs-ticketoffice';
import type { DataSource, QueryResult } from 'typeorm';
import { beforeAll, expect, it } from 'vitest';
import { aroundQueries } from '../../support/around-queries.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };

/** From now to the end of the test, has the driver report this many affected rows for every UPDATE. */
function report(dataSource: DataSource, affected: unknown): void {
  aroundQueries(dataSource, async (sql, run) => {
    const result = await run();
    return sql.startsWith('UPDATE') ? Object.assign(result as QueryResult, { affected }) : result;
  });
}

eachDatabase('[M-9] A driver', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
  });

  const ANSWERS = [undefined, null, 0, 2, '1', true];

  it.each(ANSWERS)('that reports %s affected rows loses the claim', async (affected) => {
    const { tickets, dataSource } = office;
    const { ticket } = await tickets.issue(visit);
    report(dataSource, affected);
    await expect(tickets.claim(ticket)).rejects.toThrow(TicketBusyError);
  });

  it.each(ANSWERS)('that reports %s affected rows loses the stamp and the revocation', async (affected) => {
    const { tickets, dataSource } = office;
    const { ticket } = await tickets.issue(visit);
    const claim = await tickets.claim(ticket);
    report(dataSource, affected);
    expect(await tickets.revoke(ticket.uuid)).toBe(false);
    await expect(claim.stamp()).rejects.toThrow(TicketBusyError);
    await expect(claim.release()).resolves.toBeUndefined();
  });

  it.each(ANSWERS)('that reports %s affected rows checks no human password', async (affected) => {
    const { tickets, dataSource } = office;
    const { credentials } = await tickets.issue({ ...visit, password: 'I love Paris' });
    report(dataSource, affected);
    // Each attempt to count the guess seems to lose to another guess, until none is left.
    await expect(tickets.authenticate(credentials, 'louvre', 'visit')).rejects.toThrow(CredentialsError);
  });

  it('that reports one affected row wins', async () => {
    const { tickets, dataSource } = office;
    const { ticket } = await tickets.issue(visit);
    report(dataSource, 1);
    await (await tickets.claim(ticket)).stamp();
    expect((await tickets.find(ticket.uuid))?.used).toBe(true);
  });
});
