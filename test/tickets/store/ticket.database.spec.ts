import {
  CredentialsError,
  Ticket,
  TicketBusyError,
  TicketError,
  TicketOfficeBusyError,
} from 'nestjs-ticketoffice';
import { QueryFailedError } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { aroundQueries } from '../../support/around-queries.js';
import { eachDatabase } from '../../support/databases.js';
import { faultsOn, lostFaultsOn, spoil } from '../../support/driver-faults.js';
import { skipRetryWaits } from '../../support/retry-waits.js';
import { isClaim, isRelease, isStamp } from '../../support/statement-kinds.js';
import { startOffice, rawRow, rewriteRow, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };

eachDatabase('A transient error of the database', (database) => {
  const isSqlite = database.type === 'better-sqlite3';

  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
    skipRetryWaits();
  });

  async function newTicket() {
    const { ticket } = await office.tickets.issue(visit);
    const row = () => rawRow(office.dataSource, ticket.uuid);
    return { ...office, ticket, row, claim: () => office.tickets.claim(ticket) };
  }

  describe.each(faultsOn(database))('(%s)', (_, make) => {
    it('met three times does no harm to a claim', async () => {
      const { dataSource, row, claim } = await newTicket();
      const claims = spoil(dataSource, isClaim, make, { times: 3 });
      const taken = await claim();
      expect(claims).toHaveLength(4);
      const { claimId } = await row();
      await expect(claim()).rejects.toThrow(TicketBusyError);
      await taken.stamp();
      expect(await row()).toMatchObject({ claimId, usedAt: expect.anything() });
    });

    it('met three times does no harm to a stamp', async () => {
      const { dataSource, row, claim } = await newTicket();
      const taken = await claim();
      const stamps = spoil(dataSource, isStamp, make, { times: 3 });
      await taken.stamp();
      expect(stamps).toHaveLength(4);
      expect((await row())['usedAt']).not.toBeNull();
    });

    it('met three times does no harm to a release', async () => {
      const { dataSource, row, claim } = await newTicket();
      const before = await row();
      const taken = await claim();
      const releases = spoil(dataSource, isRelease, make, { times: 3 });
      await taken.release();
      expect(releases).toHaveLength(4);
      expect(await row()).toEqual(before);
    });
  });

  describe.each(faultsOn(database).slice(-1))('(%s) that does not pass', (_, make) => {
    const UNTIRING = { times: Infinity };

    it('makes a claim throw, and the ticket is as it was', async () => {
      const { dataSource, row, claim } = await newTicket();
      const before = await row();
      const claims = spoil(dataSource, isClaim, make, UNTIRING);
      const error: unknown = await claim().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TicketOfficeBusyError);
      expect(error).toMatchObject({ code: 'TICKET_OFFICE_BUSY', cause: { driverError: make() } });
      if (!isSqlite) expect(claims).toHaveLength(4);
      expect(await row()).toEqual(before);
    });

    it('makes a stamp throw, and the ticket stays claimed', async () => {
      const { dataSource, row, claim } = await newTicket();
      const taken = await claim();
      const claimed = await row();
      const stamps = spoil(dataSource, isStamp, make, UNTIRING);
      await expect(taken.stamp()).rejects.toThrow(TicketOfficeBusyError);
      if (!isSqlite) expect(stamps).toHaveLength(4);
      expect(await row()).toEqual(claimed);
    });
  });

  it('that is not transient is thrown as it is, at once', async () => {
    const { dataSource, row, claim } = await newTicket();
    const before = await row();
    const full = Object.assign(new Error('disk full'), { code: 'SQLITE_FULL', errno: 1021 });
    const claims = spoil(dataSource, isClaim, () => full, { times: 1 });
    const error: unknown = await claim().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ driverError: full });
    expect(error).not.toBeInstanceOf(TicketError);
    expect(claims).toHaveLength(1);
    expect(await row()).toEqual(before);
  });

  it('that is not transient, though a claim was written, leaves no claim behind', async () => {
    const { dataSource, row, claim } = await newTicket();
    const before = await row();
    spoil(dataSource, isClaim, () => new Error('What was that?'), { times: 1, isRun: true });
    await expect(claim()).rejects.toThrow('What was that?');
    expect(await row()).toEqual(before);
  });

  describe.each(lostFaultsOn(database))('(%s) that takes only the answer', (_, make) => {
    const answers = (times = 1) => ({ times, isRun: true });

    it('of a claim: it is one’s own', async () => {
      const { dataSource, row, claim } = await newTicket();
      spoil(dataSource, isClaim, make, answers());
      const taken = await claim();
      await expect(claim()).rejects.toThrow(TicketBusyError);
      await taken.stamp();
      expect((await row())['usedAt']).not.toBeNull();
    });

    it('of a claim, while a rival holds the row for a moment: it is one’s own', async () => {
      const { dataSource, row, claim, ticket } = await newTicket();
      const rival = dataSource.createQueryRunner();
      let claims = 0;
      aroundQueries(dataSource, async (sql, run) => {
        if (!isClaim(sql)) return run();
        claims += 1;
        if (claims === 1) {
          await run();
          await rival.startTransaction();
          await rival.manager.update(Ticket, { uuid: ticket.uuid }, { subject: 'a rival’s' });
          throw new QueryFailedError(sql, [], make());
        }
        const result = await run();
        if (claims === 2) await rival.rollbackTransaction();
        return result;
      });
      const taken = await claim();
      await rival.release();
      await taken.stamp();
      expect((await row())['usedAt']).not.toBeNull();
    });

    it.each([
      ['revoked', { revokedAt: 5 }],
      ['reissued', { generation: 2 }],
    ])('of a claim leaves none behind on a ticket that is %s since', async (__, since) => {
      const { dataSource, row, claim, ticket } = await newTicket();
      afterFirst(dataSource, isClaim, make, () => rewriteRow(dataSource, ticket.uuid, since));
      await expect(claim()).rejects.toThrow(TicketError);
      expect(await row()).toMatchObject({ claimId: null, claimedAt: null });
    });

    it('of a stamp: it is made', async () => {
      const { dataSource, row, claim } = await newTicket();
      const taken = await claim();
      spoil(dataSource, isStamp, make, answers());
      await taken.stamp();
      const stamped = await row();
      expect(stamped['usedAt']).not.toBeNull();
      await expect(taken.stamp()).rejects.toThrow(TicketBusyError);
      expect(await row()).toEqual(stamped);
    });

    it('of a release, twice: it is done', async () => {
      const { dataSource, row, claim } = await newTicket();
      const before = await row();
      const taken = await claim();
      spoil(dataSource, isRelease, make, answers(2));
      await taken.release();
      expect(await row()).toEqual(before);
    });

    it('of a release frees no claim that another has made since', async () => {
      const { dataSource, row, claim, ticket } = await newTicket();
      const taken = await claim();
      const other = { claimId: 'another', claimedAt: 5 };
      afterFirst(dataSource, isRelease, make, () => rewriteRow(dataSource, ticket.uuid, other));
      await taken.release();
      expect(await row()).toMatchObject({ claimId: 'another', usedAt: null });
    });

    it('of a claim takes no ticket that another has claimed since', async () => {
      const { dataSource, row, claim, ticket } = await newTicket();
      const other = { claimId: 'another', claimedAt: 5 };
      afterFirst(dataSource, isClaim, make, () => rewriteRow(dataSource, ticket.uuid, other));
      await expect(claim()).rejects.toThrow(TicketBusyError);
      expect(await row()).toMatchObject({ claimId: 'another', usedAt: null });
    });

    it('of a stamp stamps no ticket that another has claimed since', async () => {
      const { dataSource, row, claim, ticket } = await newTicket();
      const taken = await claim();
      const other = { claimId: 'another', usedAt: null };
      afterFirst(dataSource, isStamp, make, () => rewriteRow(dataSource, ticket.uuid, other));
      await expect(taken.stamp()).rejects.toThrow(TicketBusyError);
      expect(await row()).toMatchObject({ claimId: 'another', usedAt: null });
    });

    it('of a claim that was not made does not return somebody else’s', async () => {
      const { dataSource, row, claim, ticket } = await newTicket();
      await rewriteRow(dataSource, ticket.uuid, { claimId: 'another', claimedAt: 5 });
      spoil(dataSource, isClaim, make, answers());
      await expect(claim()).rejects.toThrow(TicketBusyError);
      expect(await row()).toMatchObject({ claimId: 'another', usedAt: null });
    });

    it('of a revocation: it is made, once, and this call has made it', async () => {
      const { dataSource, tickets, ticket } = await newTicket();
      spoil(dataSource, (sql) => /SET\s+\S*revokedAt/.test(sql), make, answers());
      expect(await tickets.revoke(ticket.uuid)).toBe(true);
      expect(await tickets.revoke(ticket.uuid)).toBe(false);
    });

    it('[G-1] of a guess counts it once', async () => {
      const { dataSource, tickets } = await newTicket();
      const { credentials } = await tickets.issue({ ...visit, password: 'I love Paris' });
      const { uuid } = credentials;
      const attempts = async () => (await rawRow(dataSource, uuid))['attempts'];
      spoil(dataSource, (sql) => /attempts\S* \+ 1/.test(sql), make, answers());
      const guess = () => tickets.authenticate({ uuid, password: 'wrong' }, 'louvre', 'visit');
      await expect(guess()).rejects.toThrow(TicketOfficeBusyError);
      expect(await attempts()).toBe(1);
      await expect(guess()).rejects.toThrow(CredentialsError);
      expect(await attempts()).toBe(2);
    });

    it('[G-1] of a right guess’s return gives back no more than one', async () => {
      const { dataSource, tickets } = await newTicket();
      const { credentials } = await tickets.issue({ ...visit, password: 'I love Paris' });
      await rewriteRow(dataSource, credentials.uuid, { attempts: 3 });
      spoil(dataSource, (sql) => /attempts\S* - 1/.test(sql), make, answers());
      await tickets.authenticate(credentials, 'louvre', 'visit').catch(() => undefined);
      expect((await rawRow(dataSource, credentials.uuid))['attempts']).toBe(3);
    });

    it('of a ticket that is issued writes it once', async () => {
      const { dataSource, tickets, ticket } = await newTicket();
      spoil(dataSource, (sql) => sql.startsWith('INSERT'), make, answers());
      const subject = `after ${ticket.uuid}`;
      await tickets.issue({ ...visit, subject }).catch(() => undefined);
      expect(await tickets.list({ subject })).toHaveLength(1);
    });
  });
});

/** Runs the first statement of a kind, then something that comes between, and loses its answer. */
function afterFirst(
  dataSource: Parameters<typeof aroundQueries>[0],
  applies: (sql: string) => boolean,
  make: () => Error,
  between: () => Promise<void>,
): void {
  let isFirst = true;
  aroundQueries(dataSource, async (sql, run) => {
    if (!isFirst || !applies(sql)) return run();
    isFirst = false;
    await run();
    await between();
    throw make();
  });
}
