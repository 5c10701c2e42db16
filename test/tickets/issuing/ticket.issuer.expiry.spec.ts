import { beforeAll, expect, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const HOUR = 3_600_000;

eachDatabase('The expiry of a ticket', (database) => {
  const clock = new TestClock('2026-03-28T23:59:59.987Z');
  const start = clock.now().getTime();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now });
  });

  it.each([
    ['5d', 120 * HOUR],
    [1, 1],
    ['2 weeks', 336 * HOUR],
    [4.32e15, 4.32e15],
  ] as const)('is %s after its issue when expiresIn says so', async (expiresIn, milliseconds) => {
    const { ticket } = await office.tickets.issue({ ...visit, expiresIn });
    expect(ticket.expiresAt?.getTime()).toBe(start + milliseconds);
    expect(await office.tickets.find(ticket.uuid)).toMatchObject({ expiresAt: ticket.expiresAt });
  });

  it('[LC-6] never comes when expiresIn is null', async () => {
    const { ticket, credentials } = await office.tickets.issue({ ...visit, expiresIn: null });
    expect(ticket.expiresAt).toBeNull();
    const later = new TestClock('9999-12-31T23:59:59.999Z');
    const { tickets } = await startOffice(database, { now: later.now });
    expect((await tickets.authenticate(credentials, 'louvre', 'visit')).expiresAt).toBeNull();
  });

  it.each([
    [undefined, 24 * HOUR],
    ['90m', 1.5 * HOUR],
    [60_000, 60_000],
  ] as const)(
    '[LC-6] is the module’s when expiresIn is left out: %s makes %i ms',
    async (expiresIn, milliseconds) => {
      const { tickets } = await startOffice(database, { expiresIn, now: clock.now });
      for (const input of [visit, { ...visit, expiresIn: undefined, expiresAt: undefined }]) {
        const { ticket } = await tickets.issue(input);
        expect(ticket.expiresAt?.getTime()).toBe(start + milliseconds);
      }
    },
  );

  it('[LC-6] never comes when the module says null and the ticket nothing', async () => {
    const { tickets } = await startOffice(database, { expiresIn: null });
    expect((await tickets.issue(visit)).ticket.expiresAt).toBeNull();
    expect((await tickets.issue({ ...visit, expiresIn: '5d' })).ticket.expiresAt).not.toBeNull();
  });

  it.each([
    '2026-03-28T23:59:59.988Z',
    '2026-10-25T01:30:00.001Z',
    '9999-12-31T23:59:59.999Z',
    '+275760-09-13',
  ])('is the instant that expiresAt says: %s', async (instant) => {
    const expiresAt = new Date(instant);
    const { ticket } = await office.tickets.issue({ ...visit, expiresAt });
    expect(ticket.expiresAt).toEqual(expiresAt);
    expect((await office.tickets.find(ticket.uuid))?.expiresAt).toEqual(expiresAt);
  });

  it('does not move with the Date that it was given', async () => {
    const expiresAt = new Date('2030-01-01');
    const { ticket } = await office.tickets.issue({ ...visit, expiresAt });
    expiresAt.setFullYear(1999);
    expect(ticket.expiresAt).toEqual(new Date('2030-01-01'));
  });
});
