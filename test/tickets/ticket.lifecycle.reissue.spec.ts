import {
  CredentialsError,
  TicketNotFoundError,
  type Ticket,
  TicketBusyError,
  type TicketError,
  TicketExpiredError,
  TicketInputError,
  TicketRevokedError,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { barrier } from '../support/barrier.js';
import { TestClock } from '../support/clock.js';
import { eachDatabase } from '../support/databases.js';
import { StatementLog } from '../support/statement-log.js';
import { startOffice, rawRow, type TicketOffice } from '../support/office.js';
import { Visit, visitsOf, writeVisit } from '../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit' };
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';

eachDatabase('reissue()', (database) => {
  const clock = new TestClock();
  const log = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now }, { entities: [Visit], logger: log });
  });

  const issue = (input: object = {}) => office.tickets.issue({ ...visit, ...input });
  const authenticate = (credentials: { uuid: string; password: string }, { tickets } = office) =>
    tickets.authenticate(credentials, 'louvre', 'visit');
  const redeem = (ticket: Ticket) =>
    office.tickets.redeem(ticket, 'louvre', 'visit', ({ uuid }, manager) => writeVisit(manager, uuid));
  const row = (uuid: string) => rawRow(office.dataSource, uuid);

  it('gives the same ticket another secret', async () => {
    const { ticket, credentials } = await issue({ subject: 'user 7', data: { firstName: 'Léonard' } });
    clock.advance('1h');
    const again = await office.tickets.reissue(ticket.uuid);
    expect(again.ticket).toEqual(ticket);
    expect(again.credentials.uuid).toBe(ticket.uuid);
    expect(again.credentials.password).toMatch(/^tkt_[\w-]{43}$/);
    expect(again.credentials.password).not.toBe(credentials.password);
    expect(await authenticate(again.credentials)).toEqual(ticket);
  });

  it('[LC-8] leaves the old secret and what it has admitted worth nothing', async () => {
    const { ticket, credentials } = await issue();
    const admitted = await authenticate(credentials);
    const { credentials: renewed } = await office.tickets.reissue(ticket.uuid);
    await expect(authenticate(credentials)).rejects.toThrow(CredentialsError);
    await expect(office.tickets.claim(admitted)).rejects.toThrow(CredentialsError);
    await expect(redeem(admitted)).rejects.toThrow(CredentialsError);
    expect((await row(ticket.uuid))['usedAt']).toBeNull();
    await redeem(await authenticate(renewed));
  });

  it('hands back a ticket that can be claimed', async () => {
    const { ticket } = await issue();
    const again = await office.tickets.reissue(ticket.uuid);
    await (await office.tickets.claim(again.ticket)).stamp();
  });

  it('[LC-8] can be done again, and only the last secret counts', async () => {
    const { ticket } = await issue();
    const first = await office.tickets.reissue(ticket.uuid);
    const second = await office.tickets.reissue(ticket.uuid);
    await expect(authenticate(first.credentials)).rejects.toThrow(CredentialsError);
    expect((await authenticate(second.credentials)).uuid).toBe(ticket.uuid);
  });

  it('[G-2] forgets no wrong guess', async () => {
    const passwordGenerator = () => 'I love Paris';
    const human = await startOffice(database, { now: clock.now, passwordGenerator });
    const { ticket } = await issue({ password: 'Mona Lisa' });
    const { uuid } = ticket;
    const guess = () => authenticate({ uuid, password: 'wrong' }, human);
    for (let time = 0; time < 4; time += 1) await expect(guess()).rejects.toThrow(CredentialsError);
    const { credentials } = await human.tickets.reissue(uuid);
    expect((await row(uuid))['attempts']).toBe(4);
    expect((await authenticate(credentials, human)).uuid).toBe(uuid);
    await expect(guess()).rejects.toThrow(CredentialsError);
    await expect(authenticate(credentials, human)).rejects.toThrow(CredentialsError);
  });

  describe('[LC-1] with expiresIn', () => {
    it('counts from now', async () => {
      const { ticket } = await issue({ expiresIn: '5m' });
      clock.advance('4m');
      const { ticket: renewed, credentials } = await office.tickets.reissue(ticket.uuid, {
        expiresIn: '10m',
      });
      expect(renewed.expiresAt).toEqual(new Date(clock.now().getTime() + 600_000));
      clock.advance(600_000 - 1);
      await authenticate(credentials);
      clock.advance(1);
      await expect(authenticate(credentials)).rejects.toThrow(TicketExpiredError);
    });

    it('revives a ticket that has expired, which it does not without', async () => {
      const { ticket } = await issue({ expiresIn: '5m' });
      clock.advance('5m');
      const before = await row(ticket.uuid);
      await expect(office.tickets.reissue(ticket.uuid)).rejects.toThrow(TicketExpiredError);
      expect(await row(ticket.uuid)).toEqual(before);
      const { credentials } = await office.tickets.reissue(ticket.uuid, { expiresIn: 1000 });
      await authenticate(credentials);
    });

    it('of null is for ever', async () => {
      const { ticket } = await issue();
      const { ticket: renewed } = await office.tickets.reissue(ticket.uuid, { expiresIn: null });
      expect(renewed.expiresAt).toBeNull();
      expect((await office.tickets.find(ticket.uuid))!.expiresAt).toBeNull();
    });

    it('left out stays as it was', async () => {
      const { ticket } = await issue({ expiresIn: '5m' });
      clock.advance('1m');
      expect((await office.tickets.reissue(ticket.uuid)).ticket.expiresAt).toEqual(ticket.expiresAt);
    });
  });

  it.each<[string, (ticket: Ticket) => Promise<unknown>, new (...given: never[]) => Error]>([
    ['used', redeem, TicketUsedError],
    ['revoked', ({ uuid }) => office.tickets.revoke(uuid), TicketRevokedError],
    ['claimed', (ticket) => office.tickets.claim(ticket), TicketBusyError],
  ])('[LC-8] is refused for a ticket that is %s', async (_, happens, reason) => {
    const { ticket } = await issue();
    await happens(ticket);
    const before = await row(ticket.uuid);
    await expect(office.tickets.reissue(ticket.uuid)).rejects.toThrow(reason);
    await expect(office.tickets.reissue(ticket.uuid, { expiresIn: '1d' })).rejects.toThrow(reason);
    expect(await row(ticket.uuid)).toEqual(before);
  });

  it.each(['', 'louvre', UNKNOWN, `${UNKNOWN} `])('is refused for %j, which names none', async (name) => {
    await expect(office.tickets.reissue(name)).rejects.toThrow(TicketNotFoundError);
  });

  it.each<[unknown, unknown, RegExp]>([
    [undefined, {}, /uuid must be a string/],
    [42, {}, /uuid must be a string/],
    [{ uuid: UNKNOWN }, {}, /uuid must be a string/],
    [UNKNOWN, null, /the input must be an object/],
    [UNKNOWN, { expiresIn: -1 }, /expiresIn/],
    [UNKNOWN, { expiresIn: 'soon' }, /expiresIn/],
    [UNKNOWN, { expiresIn: new Date() }, /expiresIn/],
    [UNKNOWN, { password: 'mine' }, /'password' is unknown/],
    [UNKNOWN, { usedAt: null }, /'usedAt' is unknown/],
  ])('[M-4] names the faults of %j, %j before any query', async (uuid, input, fault) => {
    const queries = await log.during(async () => {
      const call = office.tickets.reissue(uuid as string, input as object);
      await expect(call).rejects.toThrow(TicketInputError);
      await expect(call).rejects.toThrow(/^reissue\(\): /);
      await expect(call).rejects.toThrow(fault);
    });
    expect(queries).toEqual([]);
  });

  describe('[LC-8] at the same time as', () => {
    const codeOf = ({ status, ...result }: PromiseSettledResult<unknown>) =>
      status === 'fulfilled' ? 'done' : ((result as PromiseRejectedResult).reason as TicketError).code;

    it.each<[string, (ticket: Ticket) => Promise<unknown>]>([
      ['a claim and its stamp', async (ticket) => (await office.tickets.claim(ticket)).stamp()],
      ['a redemption', redeem],
    ])('%s: one of the two is refused', async (_, use) => {
      for (let round = 0; round < 8; round += 1) {
        const { ticket, credentials } = await issue();
        const admitted = await authenticate(credentials);
        const both = [use(admitted), office.tickets.reissue(ticket.uuid)] as const;
        const [used, reissued] = (await Promise.allSettled(both)).map(codeOf);
        expect([used, reissued].filter((code) => code === 'done')).toHaveLength(1);
        if (used === 'done') expect(reissued).toMatch(/^TICKET_(BUSY|USED)$/);
        else {
          // Busy where the reissue held the row for longer than the other waits.
          expect(used).toMatch(/^TICKET_(BUSY|INVALID)$/);
          await expect(authenticate(credentials)).rejects.toThrow(CredentialsError);
        }
        expect((await office.tickets.find(ticket.uuid))!.used).toBe(used === 'done');
      }
    });

    it('a redemption that has begun: it is refused, and the work is done', async () => {
      const { ticket } = await issue();
      const [inside, gate] = [barrier(), barrier()];
      const redeemed = office.tickets.redeem(ticket, 'louvre', 'visit', async ({ uuid }, manager) => {
        await writeVisit(manager, uuid);
        inside.open();
        await gate.opened;
      });
      await inside.opened;
      const refused = expect(office.tickets.reissue(ticket.uuid)).rejects.toThrow(/used/);
      gate.open();
      await redeemed;
      await refused;
      expect(await visitsOf(office.dataSource, ticket.uuid)).toBe(1);
    });

    it('another: one secret admits, and the other call throws', async () => {
      const { ticket } = await issue();
      const results = await Promise.allSettled(
        Array.from({ length: 5 }, () => office.tickets.reissue(ticket.uuid)),
      );
      const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const admitted = await Promise.allSettled(done.map(({ credentials }) => authenticate(credentials)));
      expect(admitted.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const codes = results.map(codeOf).filter((code) => code !== 'done');
      for (const code of codes) expect(code).toBe('TICKET_BUSY');
    });
  });
});
