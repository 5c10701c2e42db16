import { type Ticket, TicketBusyError, TicketUsedError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, rawRow, type TicketOffice } from '../../support/office.js';
import { Visit, visitsOf, writeVisit } from '../../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit', expiresIn: '30d' } as const;
const MINUTE = 60_000;

eachDatabase('A claim whose holder has stalled', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  let patient: TicketOffice;
  beforeAll(async () => {
    const typeorm = { entities: [Visit] };
    office = await startOffice(database, { now: clock.now, abandonedAfter: '10m' }, typeorm);
    patient = await startOffice(database, { now: clock.now }, typeorm);
  });

  const row = (ticket: Ticket) => rawRow(office.dataSource, ticket.uuid);
  const claimed = async ({ tickets } = office) => {
    const { ticket } = await tickets.issue(visit);
    return { ticket, stalled: await tickets.claim(ticket) };
  };

  it('[R-4] holds the ticket until abandonedAfter, and not at it', async () => {
    const { ticket } = await claimed();
    clock.advance(10 * MINUTE - 1);
    await expect(office.tickets.claim(ticket)).rejects.toThrow(TicketBusyError);
    clock.advance(1);
    await (await office.tickets.claim(ticket)).stamp();
    expect((await office.tickets.find(ticket.uuid))!.used).toBe(true);
  });

  it('[R-4] holds it for ever without abandonedAfter, but for reopen()', async () => {
    const { ticket } = await claimed(patient);
    clock.advance('10d');
    await expect(patient.tickets.claim(ticket)).rejects.toThrow(TicketBusyError);
    const redeemed = patient.tickets.redeem(ticket, 'louvre', 'visit', () => undefined);
    await expect(redeemed).rejects.toThrow(TicketBusyError);
    await expect(patient.tickets.reissue(ticket.uuid)).rejects.toThrow(TicketBusyError);
    expect(await patient.tickets.reopen(ticket.uuid)).toBe(true);
    await patient.tickets.claim(ticket);
  });

  it('[R-4] is taken over by one of several at once', async () => {
    const { ticket } = await claimed();
    clock.advance('11m');
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => office.tickets.claim(ticket)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('[R-4] that was taken over holds again for as long', async () => {
    const { ticket } = await claimed();
    clock.advance('10m');
    await office.tickets.claim(ticket);
    clock.advance(10 * MINUTE - 1);
    await expect(office.tickets.claim(ticket)).rejects.toThrow(TicketBusyError);
  });

  it('[R-5] stamps as long as nobody has taken over, however late', async () => {
    const { ticket, stalled } = await claimed();
    clock.advance('1d');
    await stalled.stamp();
    expect((await office.tickets.find(ticket.uuid))!.usedAt).toEqual(clock.now());
    await expect(office.tickets.claim(ticket)).rejects.toThrow(TicketUsedError);
  });

  it('[R-5] neither stamps nor releases once another has taken over', async () => {
    const { ticket, stalled } = await claimed();
    clock.advance('10m');
    const holder = await office.tickets.claim(ticket);
    const held = await row(ticket);
    await stalled.release();
    await expect(stalled.stamp()).rejects.toThrow(TicketBusyError);
    expect(await row(ticket)).toEqual(held);
    await holder.release();
    const free = await row(ticket);
    await stalled.release();
    await expect(stalled.stamp()).rejects.toThrow(TicketBusyError);
    expect(await row(ticket)).toEqual(free);
  });

  it('[R-5] changes nothing of a redemption that has taken over', async () => {
    const { ticket, stalled } = await claimed();
    clock.advance('10m');
    await office.tickets.redeem(ticket, 'louvre', 'visit', (_, manager) => writeVisit(manager, ticket.uuid));
    const redeemed = await row(ticket);
    clock.advance('10m');
    await stalled.release();
    await expect(stalled.stamp()).rejects.toThrow(TicketBusyError);
    expect(await row(ticket)).toEqual(redeemed);
    expect(await visitsOf(office.dataSource, ticket.uuid)).toBe(1);
  });

  it('[R-5] is worth nothing after reissue(), which may then take the ticket', async () => {
    const { ticket, stalled } = await claimed();
    clock.advance(10 * MINUTE - 1);
    await expect(office.tickets.reissue(ticket.uuid)).rejects.toThrow(TicketBusyError);
    clock.advance(1);
    const { credentials } = await office.tickets.reissue(ticket.uuid);
    await stalled.release();
    await expect(stalled.stamp()).rejects.toThrow(TicketBusyError);
    const admitted = await office.tickets.authenticate(credentials, 'louvre', 'visit');
    await (await office.tickets.claim(admitted)).stamp();
  });

  it('[R-4] shows as claimed all the while', async () => {
    const { ticket } = await claimed();
    clock.advance('11m');
    const listed = await office.tickets.list({ status: 'claimed', limit: 1000 });
    expect(listed.map(({ uuid }) => uuid)).toContain(ticket.uuid);
  });
});
