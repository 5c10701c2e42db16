import { TicketInputError, TicketRevokedError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { TestClock } from '../support/clock.js';
import { eachDatabase } from '../support/databases.js';
import { startOffice, rawRow, type TicketOffice } from '../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';

eachDatabase('revoke()', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now });
  });
  const issue = async () => (await office.tickets.issue(visit)).credentials;

  it('withdraws a ticket once, and keeps the first instant', async () => {
    const credentials = await issue();
    expect(await office.tickets.revoke(credentials.uuid)).toBe(true);
    const revoked = await rawRow(office.dataSource, credentials.uuid);
    clock.advance('1m');
    expect(await office.tickets.revoke(credentials.uuid)).toBe(false);
    expect(await rawRow(office.dataSource, credentials.uuid)).toEqual(revoked);
    const shown = office.tickets.authenticate(credentials, 'louvre', 'visit');
    await expect(shown).rejects.toThrow(TicketRevokedError);
  });

  it('withdraws one ticket only', async () => {
    const [one, other] = [await issue(), await issue()];
    await office.tickets.revoke(one.uuid);
    expect((await office.tickets.find(other.uuid))?.revoked).toBe(false);
  });

  it('[C-5] takes the name in other spellings', async () => {
    const { uuid } = await issue();
    expect(await office.tickets.revoke(uuid.toUpperCase().replaceAll('-', ''))).toBe(true);
    expect((await office.tickets.find(uuid.toUpperCase()))?.revoked).toBe(true);
  });

  it('leaves a used ticket alone', async () => {
    const { ticket } = await office.tickets.issue(visit);
    await (await office.tickets.claim(ticket)).stamp();
    expect(await office.tickets.revoke(ticket.uuid)).toBe(false);
    expect((await office.tickets.find(ticket.uuid))?.revokedAt).toBeNull();
  });

  it.each(['', 'louvre', UNKNOWN, `${UNKNOWN} `, '%', '__proto__'])('does nothing for %j', async (name) => {
    expect(await office.tickets.revoke(name)).toBe(false);
    expect(await office.tickets.find(name)).toBeNull();
  });

  it.each([undefined, null, 42, {}, [UNKNOWN], { uuid: UNKNOWN }])(
    'is not for %j, which is no text',
    async (name) => {
      await expect(office.tickets.revoke(name as string)).rejects.toThrow(TicketInputError);
      await expect(office.tickets.find(name as string)).rejects.toThrow(/^find\(\): uuid must be a string/);
    },
  );

  it('is undone when the app’s transaction rolls back', async () => {
    const { uuid } = await issue();
    const work = office.dataSource.transaction(async (manager) => {
      expect(await office.tickets.revoke(uuid, manager)).toBe(true);
      throw new Error('the app has changed its mind');
    });
    await expect(work).rejects.toThrow('the app has changed its mind');
    expect((await office.tickets.find(uuid))?.revoked).toBe(false);
  });
});
