import { Ticket, TicketBusyError } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { openTicketOffice, type TicketOffice } from '../support/ticket-office.js';

const visit = { place: 'louvre', purpose: 'visit' };

eachDatabase('The row of a ticket', (database) => {
  describe.runIf(database.type !== 'better-sqlite3')('that a transaction of the app holds', () => {
    let office: TicketOffice;
    beforeAll(async () => {
      office = await openTicketOffice(database);
    });

    /** Does something while the app has changed the row and not committed: whoever waited would wait for ever. */
    const held = async (act: (ticket: Ticket) => Promise<unknown>) => {
      const { ticket } = await office.tickets.issue(visit);
      await office.dataSource.transaction(async (manager) => {
        await manager.update(Ticket, { uuid: ticket.uuid }, { subject: 'changed' });
        await act(ticket);
      });
      await (await office.tickets.claim(ticket)).stamp();
    };

    it('[M-11] makes a claim busy', () =>
      held((ticket) => expect(office.tickets.claim(ticket)).rejects.toThrow(TicketBusyError)));

    it('[M-11] makes a redemption busy', () =>
      held((ticket) => {
        const redeemed = office.tickets.redeem(ticket, 'louvre', 'visit', () => undefined);
        return expect(redeemed).rejects.toThrow(TicketBusyError);
      }));

    it('[M-11] is no hindrance to the claims of other tickets', () =>
      held(async () => {
        const { ticket } = await office.tickets.issue(visit);
        await (await office.tickets.claim(ticket)).stamp();
      }));

    it('[M-11] is no hindrance to who only looks', () =>
      held(async ({ uuid }) => {
        expect((await office.tickets.find(uuid))!.subject).toBeNull();
      }));
  });
});
