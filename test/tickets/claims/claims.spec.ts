import {
  CredentialsError,
  Ticket,
  TicketBusyError,
  TicketExpiredError,
  TicketInputError,
  TicketRevokedError,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, rawRow, rewriteRow, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };

eachDatabase('A claim', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now });
  });

  async function admitted(input: object = {}): Promise<Ticket> {
    const { credentials } = await office.tickets.issue({ ...visit, ...input });
    return office.tickets.authenticate(credentials, 'louvre', 'visit');
  }
  const row = (ticket: Ticket) => rawRow(office.dataSource, ticket.uuid);
  const claim = (ticket: Ticket) => office.tickets.claim(ticket);

  it('uses the ticket up when it is stamped', async () => {
    const ticket = await admitted();
    const taken = await claim(ticket);
    clock.advance('1s');
    await taken.stamp();
    expect((await office.tickets.find(ticket.uuid))?.usedAt).toEqual(clock.now());
    expect(await claim(ticket).catch((error: unknown) => error)).toMatchObject({
      name: 'TicketUsedError',
      usedAt: clock.now(),
    });
  });

  it('leaves the ticket as it was when it is released', async () => {
    const ticket = await admitted();
    const before = await row(ticket);
    const taken = await claim(ticket);
    expect(await row(ticket)).not.toEqual(before);
    await taken.release();
    expect(await row(ticket)).toEqual(before);
    await (await claim(ticket)).stamp();
    expect((await office.tickets.find(ticket.uuid))?.used).toBe(true);
  });

  it('is also for a ticket that find() found', async () => {
    const { uuid } = await admitted();
    await (await claim((await office.tickets.find(uuid))!)).stamp();
    expect((await office.tickets.find(uuid))?.used).toBe(true);
  });

  it('keeps others away while it holds', async () => {
    const ticket = await admitted();
    await claim(ticket);
    await expect(claim(ticket)).rejects.toThrow(TicketBusyError);
    await expect(claim((await office.tickets.find(ticket.uuid))!)).rejects.toThrow(TicketBusyError);
  });

  it('[R-1] is won by exactly one of twenty at once', async () => {
    const { credentials } = await office.tickets.issue(visit);
    const tickets = await Promise.all(
      Array.from({ length: 20 }, () => office.tickets.authenticate(credentials, 'louvre', 'visit')),
    );
    const results = await Promise.allSettled(tickets.map(claim));
    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const lost = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    expect(won).toHaveLength(1);
    for (const error of lost) expect(error).toBeInstanceOf(TicketBusyError);
    await won[0]!.stamp();
  });

  it('[R-1] is stamped once, by however many at once', async () => {
    const ticket = await admitted();
    const taken = await claim(ticket);
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => taken.stamp()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('[R-5] changes nothing once another one holds the ticket', async () => {
    const ticket = await admitted();
    const stalled = await claim(ticket);
    await stalled.release();
    const holder = await claim(ticket);
    const held = await row(ticket);
    await expect(stalled.stamp()).rejects.toThrow(TicketBusyError);
    await stalled.release();
    expect(await row(ticket)).toEqual(held);
    await holder.stamp();
    const stamped = await row(ticket);
    await expect(stalled.stamp()).rejects.toThrow(TicketBusyError);
    await stalled.release();
    expect(await row(ticket)).toEqual(stamped);
  });

  it('[R-5] touches no other ticket', async () => {
    const [mine, other] = [await admitted(), await admitted()];
    const before = await row(other);
    await (await claim(mine)).stamp();
    const third = await claim(await admitted());
    await third.release();
    expect(await row(other)).toEqual(before);
  });

  it('[R-6] that is stamped cannot be stamped again, nor released', async () => {
    const ticket = await admitted();
    const taken = await claim(ticket);
    await taken.stamp();
    const stamped = await row(ticket);
    clock.advance('1m');
    await expect(taken.stamp()).rejects.toThrow(TicketBusyError);
    await taken.release();
    expect(await row(ticket)).toEqual(stamped);
  });

  it('that is released cannot be stamped', async () => {
    const ticket = await admitted();
    const taken = await claim(ticket);
    await taken.release();
    await expect(taken.stamp()).rejects.toThrow(TicketBusyError);
    expect((await office.tickets.find(ticket.uuid))?.used).toBe(false);
  });

  it('[ST-12] that is revoked meanwhile is stamped all the same: both facts are on the row', async () => {
    const ticket = await admitted({ data: { a: 1 } });
    const taken = await claim(ticket);
    clock.advance(1);
    const revokedAt = clock.now();
    expect(await office.tickets.revoke(ticket.uuid)).toBe(true);
    clock.advance(1);
    await taken.stamp();
    const over = await office.tickets.find(ticket.uuid);
    expect(over).toMatchObject({ ...visit, data: { a: 1 }, revokedAt, usedAt: clock.now() });
    expect(await office.tickets.revoke(ticket.uuid)).toBe(false);
    expect(await office.tickets.find(ticket.uuid)).toEqual(over);
  });

  it('[ST-12] that is revoked meanwhile and released leaves a revoked ticket', async () => {
    const ticket = await admitted();
    const taken = await claim(ticket);
    await office.tickets.revoke(ticket.uuid);
    await taken.release();
    await expect(claim(ticket)).rejects.toThrow(TicketRevokedError);
  });

  it('that began in time is stamped after the expiry', async () => {
    const ticket = await admitted({ expiresIn: '5m' });
    const taken = await claim(ticket);
    clock.advance('10m');
    await taken.stamp();
    expect((await office.tickets.find(ticket.uuid))?.used).toBe(true);
  });

  it('[LC-1] is won one millisecond before the expiry, and not at it', async () => {
    const [one, other] = [await admitted({ expiresIn: '5m' }), await admitted({ expiresIn: '5m' })];
    clock.advance(5 * 60_000 - 1);
    await claim(one);
    clock.advance(1);
    const lost = await claim(other).catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(TicketExpiredError);
    expect((lost as TicketExpiredError).expiresAt).toEqual(clock.now());
  });

  describe('[R-19] is lost', () => {
    it.each<[string, (ticket: Ticket) => Promise<unknown>, new (...given: never[]) => Error]>([
      ['used', async (ticket) => (await claim(ticket)).stamp(), TicketUsedError],
      [
        'used, by whomever',
        ({ uuid }) => rewriteRow(office.dataSource, uuid, { usedAt: 1 }),
        TicketUsedError,
      ],
      ['revoked', ({ uuid }) => office.tickets.revoke(uuid), TicketRevokedError],
      ['expired', async () => clock.advance('25h'), TicketExpiredError],
      [
        'given another secret',
        ({ uuid }) => rewriteRow(office.dataSource, uuid, { generation: 2 }),
        CredentialsError,
      ],
      ['moved', ({ uuid }) => rewriteRow(office.dataSource, uuid, { place: 'Louvre' }), CredentialsError],
      [
        'moved by a space',
        ({ uuid }) => rewriteRow(office.dataSource, uuid, { purpose: 'visit ' }),
        CredentialsError,
      ],
      ['deleted', ({ uuid }) => office.dataSource.manager.delete(Ticket, { uuid }), CredentialsError],
    ])('when the ticket was %s after the guest was admitted', async (_, happens, reason) => {
      const ticket = await admitted();
      await happens(ticket);
      const before = await row(ticket);
      await expect(claim(ticket)).rejects.toThrow(reason);
      expect(await row(ticket)).toEqual(before);
    });
  });

  it('reports used before revoked before expired', async () => {
    const ticket = await admitted({ expiresIn: '5m' });
    clock.advance('6m');
    await expect(claim(ticket)).rejects.toThrow(TicketExpiredError);
    await office.tickets.revoke(ticket.uuid);
    await expect(claim(ticket)).rejects.toThrow(TicketRevokedError);
    await rewriteRow(office.dataSource, ticket.uuid, { usedAt: 1 });
    await expect(claim(ticket)).rejects.toThrow(TicketUsedError);
  });

  it.each<[string, (ticket: Ticket) => unknown]>([
    // oxlint-disable-next-line typescript/no-misused-spread -- what an app may do
    ['a spread copy', (ticket) => ({ ...ticket })],
    ['a clone', (ticket) => structuredClone(ticket)],
    ['one from JSON', (ticket) => JSON.parse(JSON.stringify(ticket)) as unknown],
    ['a new one with the same fields', (ticket) => Object.assign(new Ticket(), ticket)],
    ['one that inherits from it', (ticket) => Object.create(ticket) as unknown],
    ['its name', ({ uuid }) => uuid],
    ['nothing', () => undefined],
    ['null', () => null],
    ['one of the app’s own query', ({ uuid }) => office.dataSource.manager.findOneBy(Ticket, { uuid })],
  ])('is not for %s instead of the ticket itself', async (_, copy) => {
    const ticket = await admitted();
    const taken = claim((await copy(ticket)) as Ticket);
    await expect(taken).rejects.toThrow(TicketInputError);
    await expect(taken).rejects.toThrow(/^claim\(\): ticket must come from authenticate\(\)/);
    await claim(ticket);
  });
});
