import { randomUUID } from 'node:crypto';
import {
  Ticket,
  type TicketEvent,
  TicketInputError,
  TicketOfficeBusyError,
  TicketRevokedError,
} from 'nestjs-ticketoffice';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aroundQueries } from '../support/around-queries.js';
import { barrier, rendezvous } from '../support/barrier.js';
import { TestClock } from '../support/clock.js';
import { eachDatabase, eachServer, oneDatabase } from '../support/databases.js';
import { lostFaultsOn, spoil, undoneFaults } from '../support/driver-faults.js';
import { rawRow, rewriteRow, startOffice, type TicketOffice } from '../support/office.js';
import { skipRetryWaits } from '../support/retry-waits.js';

/** Scopes and subjects that no other test has. */
const fresh = (subject = randomUUID()) => ({ place: `account ${randomUUID()}`, purpose: 'reset', subject });

eachDatabase('revokeAll()', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  let events: TicketEvent[];
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now });
    office.tickets.events$.subscribe((event) => events.push(event));
  });
  beforeEach(() => {
    events = [];
  });

  type Input = Parameters<typeof office.tickets.issue>[0];
  const issue = async (input: Input) => (await office.tickets.issue(input)).ticket;
  const statusOf = async ({ uuid }: Ticket) => (await office.tickets.find(uuid))!.status(clock.now());
  const revoked = () => events.filter(({ type }) => type === 'revoked').map(({ uuid }) => uuid);

  it('revokes the tickets of each filter, and says how many', async () => {
    const one = fresh();
    const [other, elsewhere] = [
      { ...one, subject: 'lisa' },
      { ...fresh(), purpose: one.purpose },
    ];
    const tickets = [await issue(one), await issue(one), await issue(other), await issue(elsewhere)];
    const statuses = () => Promise.all(tickets.map(statusOf));
    expect(await office.tickets.revokeAll({ subject: one.subject })).toBe(2);
    expect(await statuses()).toEqual(['revoked', 'revoked', 'valid', 'valid']);
    expect(await office.tickets.revokeAll({ place: one.place, purpose: 'another' })).toBe(0);
    expect(await office.tickets.revokeAll({ place: one.place, purpose: one.purpose })).toBe(1);
    expect(await statuses()).toEqual(['revoked', 'revoked', 'revoked', 'valid']);
    expect(await office.tickets.revokeAll({ place: elsewhere.place })).toBe(1);
    expect(await office.tickets.revokeAll({ place: elsewhere.place })).toBe(0);
    expect(new Set(revoked())).toEqual(new Set(tickets.map(({ uuid }) => uuid)));
    const { uuid, place, purpose } = tickets[3]!;
    expect(events.at(-1)).toEqual({ type: 'revoked', uuid, place, purpose, instant: clock.now() });
  });

  it.each([
    [42, '42'],
    ['42', 42],
  ])('takes the subject %j for %j', async (given, issued) => {
    const { place } = fresh();
    await issue({ place, purpose: 'visit', subject: issued });
    expect(await office.tickets.revokeAll({ place, subject: given })).toBe(1);
  });

  it.each(['leonard ', 'Leonard', 'léonard', 'leonard%', "' OR 1=1 --"])(
    '[ST-1] compares the subject byte for byte, with %j',
    async (subject) => {
      const { place } = fresh();
      await issue({ place, purpose: 'visit', subject: 'leonard' });
      expect(await office.tickets.revokeAll({ place, subject })).toBe(0);
    },
  );

  it('revokes what revoke() would: expired and claimed tickets too, but none that is used or revoked', async () => {
    const one = fresh();
    const [valid, claimed, used, gone] = [
      await issue(one),
      await issue(one),
      await issue(one),
      await issue(one),
    ];
    await office.tickets.claim(claimed);
    await (await office.tickets.claim(used)).stamp();
    await office.tickets.revoke(gone.uuid);
    const expired = await issue({ ...one, expiresIn: '1m' });
    const before = await Promise.all([used, gone].map(({ uuid }) => rawRow(office.dataSource, uuid)));
    clock.advance('1m');
    expect(await office.tickets.revokeAll(one)).toBe(3);
    for (const ticket of [valid, claimed, expired])
      expect((await office.tickets.find(ticket.uuid))!.revokedAt).toEqual(clock.now());
    const after = await Promise.all([used, gone].map(({ uuid }) => rawRow(office.dataSource, uuid)));
    expect(after).toEqual(before);
  });

  it('[ST-12] leaves a handler that runs its stamp: both facts are on the row', async () => {
    const one = fresh();
    const { ticket, credentials } = await office.tickets.issue(one);
    const claim = await office.tickets.claim(ticket);
    const revokedAt = clock.now();
    expect(await office.tickets.revokeAll(one)).toBe(1);
    clock.advance('1m');
    await claim.stamp();
    expect(await office.tickets.find(ticket.uuid)).toMatchObject({ revokedAt, usedAt: clock.now() });
    expect(await office.tickets.revokeAll(one)).toBe(0);
    await expect(office.tickets.authenticate(credentials, one.place, one.purpose)).rejects.toThrow();
  });

  it('revokes passes, too, and lets nobody in once it has resolved', async () => {
    const one = fresh();
    const { ticket, credentials } = await office.tickets.issue(one);
    const admitted = await office.tickets.authenticate(credentials, one.place, one.purpose);
    await office.tickets.revokeAll(one);
    await expect(office.tickets.claim(admitted)).rejects.toThrow(TicketRevokedError);
    await expect(office.tickets.claim(ticket)).rejects.toThrow(TicketRevokedError);
  });

  it('[A-8] revokes a ticket whose row cannot be read', async () => {
    const one = fresh();
    const ticket = await issue(one);
    await rewriteRow(office.dataSource, ticket.uuid, { data: 'no JSON', verifier: 'garbage' });
    expect(await office.tickets.revokeAll(one)).toBe(1);
    expect(await statusOf(ticket)).toBe('revoked');
  });

  it('goes on after a batch, and counts all', async () => {
    const one = fresh();
    const MANY = 1001;
    await office.dataSource.transaction(async (manager) => {
      for (let count = 0; count < MANY; count += 1) await office.tickets.issue(one, manager);
    });
    expect(await office.tickets.revokeAll(one)).toBe(MANY);
    expect(new Set(revoked()).size).toBe(MANY);
    expect(await office.tickets.list({ subject: one.subject, status: 'valid' })).toEqual([]);
  });

  it('counts each ticket once when many revoke at once', async () => {
    const one = fresh();
    for (let count = 0; count < 20; count += 1) await issue(one);
    const filters = [one, { subject: one.subject }, { place: one.place }, one];
    const counts = await Promise.all(filters.map((filter) => office.tickets.revokeAll(filter)));
    expect(counts.reduce((sum, count) => sum + count)).toBe(20);
    expect(new Set(revoked()).size).toBe(20);
    expect(revoked()).toHaveLength(20);
  });

  describe('in a transaction of the app', () => {
    it('takes part in it, and emits after its commit', async () => {
      const one = fresh();
      const ticket = await issue(one);
      await office.dataSource.transaction(async (manager) => {
        expect(await office.tickets.revokeAll(one, manager)).toBe(1);
        expect(await office.tickets.revokeAll(one, manager)).toBe(0);
        expect(revoked()).toEqual([]);
      });
      expect(revoked()).toEqual([ticket.uuid]);
    });

    it('is undone with it', async () => {
      const one = fresh();
      const ticket = await issue(one);
      const work = office.dataSource.transaction(async (manager) => {
        expect(await office.tickets.revokeAll(one, manager)).toBe(1);
        throw new Error('the app has changed its mind');
      });
      await expect(work).rejects.toThrow('the app has changed its mind');
      expect([await statusOf(ticket), revoked()]).toEqual(['valid', []]);
    });

    it('leaves the ticket of the transaction its stamp', async () => {
      const one = fresh();
      const [ticket, other] = [await issue(one), await issue(one)];
      await office.tickets.redeem(ticket, one.place, one.purpose, (_, manager) =>
        office.tickets.revokeAll(one, manager).then((count) => expect(count).toBe(1)),
      );
      expect([await statusOf(ticket), await statusOf(other)]).toEqual(['used', 'revoked']);
    });

    it('needs one that TypeORM has begun', async () => {
      const one = fresh();
      const ticket = await issue(one);
      const runner = office.dataSource.createQueryRunner();
      try {
        const call = office.tickets.revokeAll(one, runner.manager);
        await expect(call).rejects.toThrow(TicketInputError);
        await expect(call).rejects.toThrow(/^revokeAll\(\): manager is in no transaction: begin it with /);
      } finally {
        await runner.release();
      }
      expect(await statusOf(ticket)).toBe('valid');
      expect(await office.tickets.revokeAll(one, office.dataSource.manager)).toBe(1);
    });
  });

  it('does nothing at all when the database stays busy', async () => {
    skipRetryWaits();
    const one = fresh();
    const ticket = await issue(one);
    const make = Object.values(undoneFaults[database.type])[0]!;
    const isUpdate = (sql: string) => sql.startsWith('UPDATE');
    const sent = spoil(office.dataSource, isUpdate, make, { times: 1000, isRun: true });
    await expect(office.tickets.revokeAll(one)).rejects.toThrow(TicketOfficeBusyError);
    expect(sent.length).toBeGreaterThan(1);
    expect([await statusOf(ticket), revoked()]).toEqual(['valid', []]);
  });
});

eachServer('revokeAll()', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now });
  });
  const isCommit = (sql: string) => sql === 'COMMIT';

  it.each(lostFaultsOn(database))('counts what it has committed, its answer lost: %s', async (_, make) => {
    skipRetryWaits();
    const one = fresh();
    const { ticket } = await office.tickets.issue(one);
    const claim = await office.tickets.claim(ticket);
    await office.tickets.issue(one);
    const events: TicketEvent[] = [];
    const subscription = office.tickets.events$.subscribe((event) => events.push(event));
    spoil(office.dataSource, isCommit, make, { times: 1, isRun: true });
    expect(await office.tickets.revokeAll(one)).toBe(2);
    expect(events.map(({ type }) => type)).toEqual(['revoked', 'revoked']);
    subscription.unsubscribe();
    await claim.stamp();
    expect(await office.tickets.revokeAll(one)).toBe(0);
  });

  it('leaves one of two guests who use links of one account at once; the other may try again', async () => {
    const one = fresh();
    const pair = [(await office.tickets.issue(one)).ticket, (await office.tickets.issue(one)).ticket];
    const arrive = rendezvous(2);
    const use = (ticket: Ticket, meet = arrive) =>
      office.tickets.redeem(ticket, one.place, one.purpose, async (_, manager) => {
        await meet();
        return office.tickets.revokeAll(one, manager);
      });
    const settled = await Promise.allSettled(pair.map((ticket) => use(ticket)));
    const failed = settled.findIndex(({ status }) => status === 'rejected');
    expect(settled[failed]).toMatchObject({ reason: { code: 'TICKET_OFFICE_BUSY' } });
    expect(settled[1 - failed]).toMatchObject({ status: 'fulfilled', value: 1 });
    await expect(use(pair[failed]!, async () => undefined)).rejects.toThrow(TicketRevokedError);
  });

  it('waits for a transaction that holds a ticket, and finds it as that leaves it', async () => {
    const one = fresh();
    const [stamped, left] = [await office.tickets.issue(one), await office.tickets.issue(one)];
    const revoked: unknown[] = [];
    const subscription = office.tickets.events$.subscribe(({ uuid }) => revoked.push(uuid));
    const waiting = barrier();
    let call: Promise<number> | undefined;
    aroundQueries(office.dataSource, async (sql, run) => {
      if (/ FOR (NO KEY )?UPDATE$/.test(sql)) waiting.open();
      return run();
    });
    await office.dataSource.transaction(async (manager) => {
      await manager.update(Ticket, { uuid: stamped.ticket.uuid }, { usedAt: clock.now() });
      await manager.update(Ticket, { uuid: left.ticket.uuid }, { data: { changed: true } });
      call = office.tickets.revokeAll(one);
      await waiting.opened;
    });
    expect(await call).toBe(1);
    subscription.unsubscribe();
    expect(revoked).toEqual([left.ticket.uuid]);
    expect((await office.tickets.find(stamped.ticket.uuid))!.revokedAt).toBeNull();
  });
});

oneDatabase('revokeAll()', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
    await office.tickets.issue({ place: 'louvre', purpose: 'visit', subject: 'leonard' });
  });

  const refusals: [unknown, string][] = [
    [{}, 'place, purpose or subject is missing: write at least one of them'],
    [undefined, 'the input must be an object, not undefined'],
    [null, 'the input must be an object, not null'],
    ['leonard', 'the input must be an object, not a string'],
    [[], 'the input must be an object, not an array'],
    [{ subject: undefined }, 'subject must have a value, not undefined'],
    [{ place: 'louvre', subject: undefined }, 'subject must have a value, not undefined'],
    [{ place: 'louvre', purpose: undefined }, 'purpose must have a value, not undefined'],
    [{ subject: null }, 'subject must be'],
    [{ subject: '' }, 'subject must be'],
    [{ subject: 0.5 }, 'subject must be'],
    [{ place: ['louvre'] }, 'place must be'],
    [{ subject: 'leonard', status: 'valid' }, "'status' is unknown"],
    [{ uuid: 'x' }, "'uuid' is unknown"],
  ];
  it.each(refusals)('[F-8] refuses %j, and revokes nothing', async (input, words) => {
    const call = office.tickets.revokeAll(input as never);
    await expect(call).rejects.toThrow(TicketInputError);
    await expect(call).rejects.toThrow(`revokeAll(): ${words}`);
    expect(await office.tickets.list({ status: 'valid' })).toHaveLength(1);
  });
});
