import { inspect as print } from 'node:util';
import { CredentialsError, type Ticket, TicketInputError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { TestClock } from '../support/clock.js';
import { eachDatabase } from '../support/databases.js';
import { rawRow, startOffice, type TicketOffice } from '../support/office.js';
import { allowNulls, type Garbage, ruin } from '../support/ruin.js';

const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';
const HUMAN = { password: 'I love Paris' };

eachDatabase('inspect()', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { maxAttempts: 3, now: clock.now });
    await allowNulls(office.dataSource);
  });

  const issue = (input: object = {}) =>
    office.tickets.issue({ place: 'louvre', purpose: 'visit', subject: 7, ...input });
  const guess = async ({ uuid }: Ticket, times: number) => {
    for (let time = 0; time < times; time += 1) {
      const entry = office.tickets.authenticate({ uuid, password: 'I love Rome' }, 'louvre', 'visit');
      await expect(entry).rejects.toThrow(CredentialsError);
    }
  };
  const listed = async (uuid: string, status: 'claimed' | 'locked') =>
    (await office.tickets.list({ status, limit: 1000 })).some((ticket) => ticket.uuid === uuid);

  it('has a fresh ticket with a generated secret, at which nobody guesses', async () => {
    const { ticket } = await issue({ data: { firstName: 'Léonard' } });
    await guess(ticket, 4);
    const found = await office.tickets.inspect<{ firstName: string }>(ticket.uuid.toUpperCase());
    const state = { status: 'valid', claimedAt: null, attempts: 0, attemptsLeft: null, locked: false };
    expect(found).toEqual({ ticket, ...state });
    expect(found!.ticket.data.firstName).toBe('Léonard');
    await (await office.tickets.claim(found!.ticket)).stamp();
  });

  it.each([HUMAN, { password: { digits: 8 } }])('counts the wrong guesses at %j', async (secret) => {
    const { ticket } = await issue({ expiresIn: null, ...secret });
    const states: unknown[] = [];
    for (let wrong = 0; wrong <= 3; wrong += 1) {
      const { attempts, attemptsLeft, locked } = (await office.tickets.inspect(ticket.uuid))!;
      states.push([attempts, attemptsLeft, locked]);
      expect(locked).toBe(await listed(ticket.uuid, 'locked'));
      await guess(ticket, 1);
    }
    expect(states).toEqual([
      [0, 3, false],
      [1, 2, false],
      [2, 1, false],
      [3, 0, true],
    ]);
    expect(await office.tickets.inspect(ticket.uuid)).toMatchObject({ attempts: 3, attemptsLeft: 0 });
  });

  it('leaves no guess and no fewer, when another process has allowed more of them', async () => {
    const generous = await startOffice(database, { maxAttempts: 9, now: clock.now }, { synchronize: false });
    const { ticket } = await issue(HUMAN);
    for (let time = 0; time < 5; time += 1) {
      const wrong = { uuid: ticket.uuid, password: 'I love Rome' };
      await expect(generous.tickets.authenticate(wrong, 'louvre', 'visit')).rejects.toThrow(CredentialsError);
    }
    const state = { attempts: 5, attemptsLeft: 0, locked: true };
    expect(await office.tickets.inspect(ticket.uuid)).toMatchObject(state);
    expect(await generous.tickets.inspect(ticket.uuid)).toMatchObject({ attemptsLeft: 4, locked: false });
  });

  it('says since when a claim holds it, as long as one does', async () => {
    const { ticket } = await issue();
    const claimedAt = async () => {
      const found = (await office.tickets.inspect(ticket.uuid))!.claimedAt;
      expect(found !== null).toBe(await listed(ticket.uuid, 'claimed'));
      return found;
    };
    expect(await claimedAt()).toBeNull();
    clock.advance('1m');
    const claim = await office.tickets.claim(ticket);
    const since = clock.now();
    clock.advance('1m');
    expect(await claimedAt()).toEqual(since);
    await claim.release();
    expect(await claimedAt()).toBeNull();
    await (await office.tickets.claim(ticket)).stamp();
    expect(await claimedAt()).toBeNull();
  });

  it("has the status by the office's clock", async () => {
    const { ticket } = await issue({ expiresIn: '1h' });
    const status = async () => (await office.tickets.inspect(ticket.uuid))!.status;
    expect(await status()).toBe('valid');
    clock.advance('1h');
    expect(await status()).toBe('expired');
    await office.tickets.revoke(ticket.uuid);
    expect(await status()).toBe('revoked');
  });

  it('has a used ticket, which is not locked', async () => {
    const { ticket } = await issue(HUMAN);
    await guess(ticket, 3);
    await (await office.tickets.claim(ticket)).stamp();
    const found = await office.tickets.inspect(ticket.uuid);
    expect(found).toMatchObject({ status: 'used', locked: false, attempts: 3 });
  });

  it('has neither the secret nor what it is checked against', async () => {
    for (const secret of [{}, HUMAN]) {
      const { ticket, credentials } = await issue(secret);
      const { verifier } = await rawRow(office.dataSource, ticket.uuid);
      const found = await office.tickets.inspect(ticket.uuid);
      const shown = JSON.stringify(found) + print(found, { depth: 9, showHidden: true });
      for (const hidden of [credentials.password, String(verifier), 'verifier', 'generation', 'claimId'])
        expect(shown).not.toContain(hidden);
    }
  });

  it.each<[string, Garbage]>([
    ['data', '{"firstName":'],
    ['createdAt', 9e15],
    ['expiresAt', 9e15],
    ['usedAt', 9e15],
    ['claimedAt', 9e15],
    ['generation', 0],
    ['attempts', -1],
    ['verifier', 'scrypt$AAAAAAAA$x'],
    ['verifier', null],
    ['place', ''],
  ])('[A-8] has a row that cannot be read for its %s (%s), without its data', async (column, garbage) => {
    const { uuid } = (await issue({ ...HUMAN, data: { firstName: 'Léonard' } })).ticket;
    expect(await ruin(office.dataSource, uuid, column, garbage)).toBe(true);
    const found = (await office.tickets.inspect(uuid))!;
    expect(found.ticket).toMatchObject({ uuid, data: null });
    expect(found).toMatchObject({ claimedAt: null, attempts: 0, locked: false });
    expect(found.status).toBe(found.ticket.status(clock.now()));
    expect(() => JSON.stringify(found)).not.toThrow();
  });

  it.each(['', 'louvre', UNKNOWN, `${UNKNOWN} `])('is null for %j, which names none', async (uuid) => {
    expect(await office.tickets.inspect(uuid)).toBeNull();
  });

  it.each([undefined, null, 42, { uuid: UNKNOWN }])('[M-4] names the fault of %j', async (uuid) => {
    const call = office.tickets.inspect(uuid as unknown as string);
    await expect(call).rejects.toThrow(TicketInputError);
    await expect(call).rejects.toThrow(/^inspect\(\): uuid must be a string/);
  });
});
