import { type Ticket, TicketBusyError, TicketInputError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { StatementLog } from '../support/statement-log.js';
import { startOffice, rawRow, type TicketOffice } from '../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';

eachDatabase('reopen()', (database) => {
  const log = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, {}, { logger: log });
  });

  const issue = async () => (await office.tickets.issue(visit)).ticket;
  const row = (ticket: Ticket) => rawRow(office.dataSource, ticket.uuid);

  it('[R-4] frees a ticket whose holder has crashed, as it was before', async () => {
    const ticket = await issue();
    const before = await row(ticket);
    await office.tickets.claim(ticket);
    expect(await office.tickets.reopen(ticket.uuid)).toBe(true);
    expect(await row(ticket)).toEqual(before);
    await (await office.tickets.claim(ticket)).stamp();
  });

  it('[R-5] leaves a holder who lives after all nothing to stamp or release', async () => {
    const ticket = await issue();
    const stalled = await office.tickets.claim(ticket);
    await office.tickets.reopen(ticket.uuid);
    await expect(stalled.stamp()).rejects.toThrow(TicketBusyError);
    await office.tickets.claim(ticket);
    const held = await row(ticket);
    await stalled.release();
    await expect(stalled.stamp()).rejects.toThrow(TicketBusyError);
    expect(await row(ticket)).toEqual(held);
  });

  it('[R-9] revives no ticket that is used', async () => {
    const ticket = await issue();
    await (await office.tickets.claim(ticket)).stamp();
    const redeemed = await issue();
    await office.tickets.redeem(redeemed, 'louvre', 'visit', () => undefined);
    for (const used of [ticket, redeemed]) {
      const before = await row(used);
      expect(await office.tickets.reopen(used.uuid)).toBe(false);
      expect(await row(used)).toEqual(before);
    }
  });

  it('frees one ticket only', async () => {
    const [one, other] = [await issue(), await issue()];
    await office.tickets.claim(one);
    await office.tickets.claim(other);
    expect(await office.tickets.reopen(one.uuid)).toBe(true);
    await expect(office.tickets.claim(other)).rejects.toThrow(TicketBusyError);
  });

  it('frees a ticket that was revoked meanwhile, which stays revoked', async () => {
    const ticket = await issue();
    await office.tickets.claim(ticket);
    await office.tickets.revoke(ticket.uuid);
    expect(await office.tickets.reopen(ticket.uuid)).toBe(true);
    expect(await row(ticket)).toMatchObject({ claimId: null, claimedAt: null });
    expect((await office.tickets.find(ticket.uuid))!.revoked).toBe(true);
  });

  it('says that it freed none that nobody holds', async () => {
    const ticket = await issue();
    expect(await office.tickets.reopen(ticket.uuid)).toBe(false);
    await office.tickets.claim(ticket);
    const results = await Promise.all(Array.from({ length: 5 }, () => office.tickets.reopen(ticket.uuid)));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('[C-5] takes the name in other spellings', async () => {
    const ticket = await issue();
    await office.tickets.claim(ticket);
    expect(await office.tickets.reopen(ticket.uuid.toUpperCase().replaceAll('-', ''))).toBe(true);
  });

  it.each(['', 'louvre', UNKNOWN, `${UNKNOWN} `, '%'])('does nothing for %j', async (name) => {
    expect(await office.tickets.reopen(name)).toBe(false);
  });

  it.each([undefined, null, 42, {}, [UNKNOWN]])('[M-4] is not for %j, which is no text', async (name) => {
    const queries = await log.during(async () => {
      const call = office.tickets.reopen(name as string);
      await expect(call).rejects.toThrow(TicketInputError);
      await expect(call).rejects.toThrow(/^reopen\(\): uuid must be a string/);
    });
    expect(queries).toEqual([]);
  });
});
