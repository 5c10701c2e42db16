import type { Ticket, TicketEvent } from 'nestjs-ticketoffice';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { generateSecret } from '../../../lib/tickets/secrets/secret.js';
import { TestClock } from '../../support/clock.js';
import { eachDatabase, isFirst } from '../../support/databases.js';
import { startOffice, rewriteRow, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';

eachDatabase('The events', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  let events: TicketEvent[];
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now, secret: ['n'.repeat(32), 'o'.repeat(32)] });
    office.tickets.events$.subscribe((event) => events.push(event));
  });
  beforeEach(() => {
    events = [];
  });

  const issue = async (input: object = {}) => {
    const issued = await office.tickets.issue({ ...visit, ...input });
    events = [];
    return issued;
  };
  const authenticate = (uuid: string, password: string, place = 'louvre') =>
    office.tickets.authenticate({ uuid, password }, place, 'visit');
  const refused = (uuid: unknown, password: unknown, place?: string) =>
    authenticate(uuid as string, password as string, place).catch(() => undefined);
  const types = () => events.map(({ type }) => type);
  const told = (type: string, uuid: string | null, rest: object = {}) => ({
    type,
    uuid,
    ...visit,
    instant: clock.now(),
    ...rest,
  });

  it('report what a ticket goes through, and nothing of its secret and its data', async () => {
    const { ticket, credentials } = await office.tickets.issue({ ...visit, data: { secret: 'of the app' } });
    const admitted = await authenticate(credentials.uuid, credentials.password);
    await (await office.tickets.claim(admitted)).release();
    await (await office.tickets.claim(admitted)).stamp();
    const deeds = ['issued', 'admitted', 'claimed', 'released', 'claimed', 'stamped'];
    expect(events).toEqual(deeds.map((type) => told(type, ticket.uuid)));
    expect(JSON.stringify(events)).not.toMatch(/of the app|tkt_/);
  });

  it('report revoked, reissued and reopened tickets, when this call has done it', async () => {
    const { ticket } = await issue();
    await office.tickets.reissue(ticket.uuid);
    await office.tickets.reopen(ticket.uuid);
    await office.tickets.claim((await office.tickets.find(ticket.uuid))!);
    await office.tickets.reopen(ticket.uuid);
    await office.tickets.revoke(ticket.uuid);
    await office.tickets.revoke(ticket.uuid);
    await office.tickets.revoke(UNKNOWN);
    const deeds = ['reissued', 'claimed', 'reopened', 'revoked'];
    expect(events).toEqual(deeds.map((type) => told(type, ticket.uuid)));
  });

  it('report a redemption once it is committed, and nothing of one that fails', async () => {
    const { ticket, credentials } = await issue();
    const fail = office.tickets.redeem(ticket, 'louvre', 'visit', () => Promise.reject(new Error('no')));
    await expect(fail).rejects.toThrow('no');
    expect(types()).toEqual([]);
    await office.tickets.redeem(credentials, 'louvre', 'visit', () => expect(types()).toEqual(['admitted']));
    expect(types()).toEqual(['admitted', 'stamped']);
  });

  it('report what was cleaned away, and how many of each', async () => {
    const { ticket } = await issue({ expiresIn: 1 });
    clock.advance(1);
    const counts = await office.tickets.clean({ before: clock.now() });
    expect(counts.expired).toBeGreaterThan(0);
    expect(events).toEqual([
      { type: 'cleaned', uuid: null, place: null, purpose: null, instant: clock.now(), counts },
    ]);
    expect(await office.tickets.find(ticket.uuid)).toBeNull();
  });

  it('report what an interrupted cleaning has deleted', async () => {
    await issue({ expiresIn: 1 });
    clock.advance(1);
    const cleaning = office.tickets.clean({
      before: clock.now(),
      onProgress: () => Promise.reject(new Error('enough')),
    });
    await expect(cleaning).rejects.toThrow('enough');
    expect(events).toEqual([expect.objectContaining({ type: 'cleaned' })]);
  });

  describe('in the app’s own transaction', () => {
    it('come when that is committed', async () => {
      const { ticket } = await issue();
      await office.dataSource.transaction(async (manager) => {
        await office.tickets.issue(visit, manager);
        await office.tickets.reissue(ticket.uuid, {}, manager);
        await office.tickets.revoke(ticket.uuid, manager);
        expect(types()).toEqual([]);
      });
      expect(types()).toEqual(['issued', 'reissued', 'revoked']);
    });

    it('never come when that is rolled back', async () => {
      const transaction = office.dataSource.transaction(async (manager) => {
        await office.tickets.issue(visit, manager);
        throw new Error('no');
      });
      await expect(transaction).rejects.toThrow('no');
      expect(types()).toEqual([]);
    });

    it('come with the stamp, in a redemption', async () => {
      const { ticket } = await issue();
      await office.tickets.redeem(ticket, 'louvre', 'visit', async (_, manager) => {
        await office.tickets.issue(visit, manager);
        expect(types()).toEqual([]);
      });
      expect(types()).toEqual(['issued', 'stamped']);
    });
  });

  describe('of a refusal', () => {
    const reasons = () => events.map((event) => event.type === 'refused' && [event.reason, event.holder]);

    it('say what was wrong, and that the guest was a stranger', async () => {
      const { uuid, password } = (await issue()).credentials;
      await refused(uuid, generateSecret());
      await refused(uuid, password, 'orsay');
      await refused(UNKNOWN, password);
      await refused(uuid, '');
      await refused(uuid, 'a human guess');
      expect(reasons()).toEqual([
        ['wrong', false],
        ['elsewhere', false],
        ['unknown', false],
        ['malformed', false],
        ['wrong', false],
      ]);
      expect(events[0]).toEqual(told('refused', uuid, { reason: 'wrong', holder: false }));
      expect(events[1]).toMatchObject({ uuid, place: 'orsay' });
    });

    it('[D-5] never carry what was presented as a name and is none', async () => {
      for (const junk of ['x\r\n[Nest] LOG forged\u001b[2J', 'x'.repeat(8192), '', undefined, {}, ['a']])
        await refused(junk, generateSecret());
      expect(events).toEqual(events.map(() => told('refused', null, { reason: 'malformed', holder: false })));
      expect(events).toHaveLength(6);
    });

    it.runIf(isFirst(database))(
      '[S-11] say when a secret of the app’s is gone under which the ticket was issued',
      async () => {
        const old = await startOffice(database, { secret: 'x'.repeat(32), now: clock.now });
        for (const password of [undefined, 'I love Paris']) {
          const { credentials } = await old.tickets.issue({ ...visit, password });
          await refused(credentials.uuid, credentials.password);
        }
        expect(reasons()).toEqual([
          ['unknown-key', false],
          ['unknown-key', false],
        ]);
      },
    );

    it.runIf(isFirst(database))('[C-8] say when a verifier is garbage', async () => {
      for (const password of [undefined, 'I love Paris']) {
        const { credentials } = await issue({ password });
        await rewriteRow(office.dataSource, credentials.uuid, { verifier: 'garbage' });
        await refused(credentials.uuid, credentials.password);
        expect(reasons()).toEqual([['unreadable', false]]);
      }
    });

    it('distinguish holders from strangers', async () => {
      const { uuid, password } = (await issue({ expiresIn: '1h' })).credentials;
      const admitted = await authenticate(uuid, password);
      const claim = await office.tickets.claim(admitted);
      await office.tickets.claim(admitted).catch(() => undefined);
      await claim.release();
      events = [];
      clock.advance('1h');
      await refused(uuid, password);
      await office.tickets.revoke(uuid);
      await refused(uuid, password);
      await refused(uuid, generateSecret());
      expect(reasons().filter(Boolean)).toEqual([
        ['expired', true],
        ['revoked', true],
        ['wrong', false],
      ]);
    });

    it('come when a claim is lost: to another, by use, or by another secret', async () => {
      const { ticket } = await issue();
      const claim = await office.tickets.claim(ticket);
      const lose = (one: Ticket = ticket) => office.tickets.claim(one).catch(() => undefined);
      const redeem = () => office.tickets.redeem(ticket, 'louvre', 'visit', () => 1).catch(() => undefined);
      await lose();
      await redeem();
      await claim.stamp();
      await lose();
      await redeem();
      expect(reasons().filter(Boolean)).toEqual([
        ['busy', true],
        ['busy', true],
        ['used', true],
        ['used', true],
      ]);
      const other = await issue();
      await office.tickets.reissue(other.ticket.uuid);
      await lose(other.ticket);
      expect(reasons().filter(Boolean)).toEqual([['reissued', true]]);
    });
  });

  describe('of a lock', () => {
    it.runIf(isFirst(database))('[G-1] come with the last wrong guess that is allowed, once', async () => {
      const { uuid, password } = (await issue({ password: 'I love Paris' })).credentials;
      for (let time = 0; time < 7; time += 1) await refused(uuid, `wrong ${time}`);
      await refused(uuid, password);
      expect(types()).toEqual([
        ...Array<string>(4).fill('refused'),
        'locked',
        ...Array<string>(4).fill('refused'),
      ]);
      expect(events[4]).toEqual(told('locked', uuid));
      expect(events.at(-1)).toEqual(told('refused', uuid, { reason: 'locked', holder: false }));
    });

    it('[G-1] come once, however many guess at once, in several processes’ stead', async () => {
      const { uuid } = (await issue({ password: 'I love Paris' })).credentials;
      const another = await startOffice(database, { now: clock.now });
      another.tickets.events$.subscribe((event) => events.push(event));
      const guesses = Array.from({ length: 16 }, (_, time) =>
        (time % 2 ? office : another).tickets
          .authenticate({ uuid, password: `wrong ${time}` }, 'louvre', 'visit')
          .catch(() => undefined),
      );
      await Promise.all(guesses);
      expect(types().filter((type) => type === 'locked')).toHaveLength(1);
    });

    it('[G-4] do not come for a generated secret, whose ticket cannot be locked', async () => {
      const { uuid, password } = (await issue()).credentials;
      for (let time = 0; time < 6; time += 1) await refused(uuid, `wrong ${time}`);
      await authenticate(uuid, password);
      expect(types()).toEqual([...Array<string>(6).fill('refused'), 'admitted']);
      expect(events[5]).toMatchObject({ reason: 'wrong' });
    });

    it.runIf(isFirst(database))(
      'do not come for a right password, though it was the last guess',
      async () => {
        const { uuid, password } = (await issue({ password: 'I love Paris' })).credentials;
        for (let time = 0; time < 4; time += 1) await refused(uuid, `wrong ${time}`);
        await authenticate(uuid, password);
        expect(types()).not.toContain('locked');
      },
    );
  });
});
