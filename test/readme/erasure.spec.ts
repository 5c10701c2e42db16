import { Ticket } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { startOffice, type TicketOffice } from '../support/office.js';

/** What docs/database.md says of erasing what is about one person. */
eachDatabase('The tickets about one person', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
  });
  const issue = async (subject: string, rest: object = {}) =>
    office.tickets.issue({ place: 'account', purpose: 'log in', subject, ...rest });
  const erase = (subject: string) =>
    office.dataSource.transaction((manager) => manager.delete(Ticket, { subject }));

  it('are erased by a DELETE in the transaction that erases the account, and no others', async () => {
    const valid = await issue('7');
    const used = await issue('7', { password: 'I love Paris' });
    await (await office.tickets.claim(used.ticket)).stamp();
    const other = await issue('8');
    await erase('7');
    expect(await office.tickets.list({ subject: '7' })).toEqual([]);
    expect(await office.tickets.find(other.ticket.uuid)).not.toBeNull();
    const presented = office.tickets.authenticate(valid.credentials, 'account', 'log in');
    await expect(presented).rejects.toMatchObject({ code: 'TICKET_INVALID' });
  });

  it('may be erased while a claim holds one: its stamp fails, and nothing brings the row back', async () => {
    const { ticket } = await issue('9');
    const claim = await office.tickets.claim(ticket);
    await erase('9');
    await expect(claim.stamp()).rejects.toMatchObject({ code: 'TICKET_BUSY', claimedAt: undefined });
    await claim.release();
    expect(await office.tickets.find(ticket.uuid)).toBeNull();
  });

  it.runIf(database.type !== 'better-sqlite3')(
    'are erased after a transaction that holds one of them',
    async () => {
      const { ticket } = await issue('12');
      let erased: Promise<unknown> = Promise.resolve();
      await office.tickets.redeem(ticket, 'account', 'log in', () => {
        erased = erase('12'); // not awaited: it waits for this transaction
      });
      await erased;
      expect(await office.tickets.find(ticket.uuid)).toBeNull();
    },
  );

  it('are left by revokeAll() and clean() only where a claim holds them, and clean() asks nobody whose they are', async () => {
    const mine = await issue('10');
    const held = await issue('10');
    const theirs = await issue('11');
    const claim = await office.tickets.claim(held.ticket);
    await office.tickets.revokeAll({ subject: '10' });
    await office.tickets.revoke(theirs.ticket.uuid);
    await office.tickets.clean({ before: new Date(), place: 'account' });
    expect(await office.tickets.find(mine.ticket.uuid)).toBeNull();
    expect(await office.tickets.find(theirs.ticket.uuid)).toBeNull();
    expect(await office.tickets.find(held.ticket.uuid)).not.toBeNull();
    await claim.release();
    await office.tickets.clean({ before: new Date(), place: 'account' });
    expect(await office.tickets.find(held.ticket.uuid)).toBeNull();
  });
});
