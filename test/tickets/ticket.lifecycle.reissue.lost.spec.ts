import { TicketNotFoundError, Ticket, TicketBusyError, TicketExpiredError } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { aroundQueries } from '../support/around-queries.js';
import { TestClock } from '../support/clock.js';
import { eachDatabase } from '../support/databases.js';
import { startOffice } from '../support/office.js';

eachDatabase('Another secret for a ticket that has expired while a claim holds it', (database) => {
  it('is refused for the claim when it comes with another expiry, and else for the expiry', async () => {
    const clock = new TestClock();
    const { tickets } = await startOffice(database, { now: clock.now });
    const { ticket } = await tickets.issue({ place: 'louvre', purpose: 'visit', expiresIn: '10m' });
    await tickets.claim(ticket);
    clock.advance('10m');
    await expect(tickets.reissue(ticket.uuid, { expiresIn: '10m' })).rejects.toThrow(TicketBusyError);
    await expect(tickets.reissue(ticket.uuid)).rejects.toThrow(TicketExpiredError);
  });
});

eachDatabase('Another secret for a ticket that is deleted meanwhile', (database) => {
  it('is refused since there is no such ticket', async () => {
    const { tickets, dataSource } = await startOffice(database);
    const { ticket } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
    let deleted = false;
    aroundQueries(dataSource, async (sql, run) => {
      if (!deleted && sql.startsWith('UPDATE')) {
        deleted = true;
        await dataSource.manager.delete(Ticket, { uuid: ticket.uuid });
      }
      return run();
    });
    await expect(tickets.reissue(ticket.uuid)).rejects.toThrow(TicketNotFoundError);
    expect(deleted).toBe(true);
  });
});
