import { Ticket, TicketOfficeConfigurationError } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, rawRow, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const GENERATED = /^tkt_[A-Za-z0-9_-]{43}$/;

eachDatabase('issue()', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now });
  });

  it('hands out the ticket as find() reads it afterwards', async () => {
    const input = { ...visit, subject: 'order 7', data: { firstName: 'Léonard' }, expiresIn: '5d' as const };
    const { ticket } = await office.tickets.issue(input);
    expect(ticket).toBeInstanceOf(Ticket);
    expect(ticket).toMatchObject({ ...visit, subject: 'order 7', data: { firstName: 'Léonard' } });
    expect(ticket).toMatchObject({ createdAt: clock.now(), usedAt: null, revokedAt: null });
    expect(await office.tickets.find(ticket.uuid)).toEqual(ticket);
  });

  it('names tickets by a uuid of version 7 that begins with their time', async () => {
    const { ticket, credentials } = await office.tickets.issue(visit);
    expect(ticket.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(ticket.uuid.replace('-', '').slice(0, 12), 16)).toBe(clock.now().getTime());
    expect(credentials.uuid).toBe(ticket.uuid);
  });

  it('leaves out what was not given', async () => {
    const { ticket } = await office.tickets.issue(visit);
    expect(ticket).toMatchObject({ subject: null, data: {} });
  });

  it('keeps its own copy of the data', async () => {
    const data = { rooms: ['Sully'] };
    const { ticket } = await office.tickets.issue({ ...visit, data });
    data.rooms.push('Denon');
    expect(ticket.data).toEqual({ rooms: ['Sully'] });
  });

  describe('makes a password', () => {
    it('of 256 bits, never the same, and marked as ours', async () => {
      const issued = await Promise.all(Array.from({ length: 20 }, () => office.tickets.issue(visit)));
      const passwords = issued.map(({ credentials }) => credentials.password);
      expect(new Set(passwords).size).toBe(20);
      for (const password of passwords) {
        expect(password).toMatch(GENERATED);
        expect(password).toHaveLength(47);
      }
    });

    it('that is kept nowhere', async () => {
      for (const password of [undefined, 'I love Paris']) {
        const { ticket, credentials } = await office.tickets.issue({ ...visit, password });
        const shown = JSON.stringify([await rawRow(office.dataSource, ticket.uuid), ticket]);
        expect(shown).not.toContain(credentials.password);
        expect(shown).not.toContain(credentials.password.slice(4));
      }
    });

    it('by passwordGenerator when the app has one, and keeps it like a human’s', async () => {
      let count = 0;
      const { tickets, dataSource } = await startOffice(database, {
        passwordGenerator: () => `word ${(count += 1)}`,
      });
      const { credentials } = await tickets.issue(visit);
      expect(credentials.password).toBe('word 1');
      expect((await rawRow(dataSource, credentials.uuid))['verifier']).toMatch(/^argon2id\$/);
      expect((await tickets.authenticate(credentials, 'louvre', 'visit')).uuid).toBe(credentials.uuid);
      expect((await tickets.issue({ ...visit, password: 'Paris' })).credentials.password).toBe('Paris');
      expect(count).toBe(1);
    });

    it.each([
      ['nothing', () => undefined],
      ['an empty text', () => ''],
      ['a promise', () => Promise.resolve('zebra')],
      ['a lone surrogate', () => 'zebra\ud800'],
      ['the shape of a generated secret', () => `tkt_${'a'.repeat(43)}`],
      ['too much', () => 'zebra'.repeat(300)],
    ])('by passwordGenerator, unless that makes %s', async (_, generate) => {
      const { tickets } = await startOffice(database, { passwordGenerator: generate as () => string });
      const refused = await tickets.issue(visit).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(TicketOfficeConfigurationError);
      expect((refused as Error).message).toContain('passwordGenerator');
      expect((refused as Error).message).not.toMatch(/zebra|tkt_aaa/i);
    });
  });

  it('takes a human’s password as it is, and keeps it by argon2id', async () => {
    for (const password of [
      'I love Paris',
      ' ',
      '🗼',
      'x'.repeat(1024),
      'cafe\u0301',
      `tkt_${'a'.repeat(42)}`,
    ]) {
      const { credentials } = await office.tickets.issue({ ...visit, password });
      expect(credentials.password).toBe(password);
      const { verifier } = await rawRow(office.dataSource, credentials.uuid);
      expect(verifier).toMatch(/^argon2id\$[\w-]{8}\$\$argon2id\$v=19\$/);
    }
  });

  it('keeps a generated password by a keyed hash', async () => {
    const { ticket } = await office.tickets.issue(visit);
    const { verifier } = await rawRow(office.dataSource, ticket.uuid);
    expect(verifier).toMatch(/^hmac-sha256\$[\w-]{8}\$[\w-]{43}$/);
  });

  it('leaves no ticket when the app’s transaction rolls back', async () => {
    let uuid = '';
    const work = office.dataSource.transaction(async (manager) => {
      const { ticket } = await office.tickets.issue(visit, manager);
      uuid = ticket.uuid;
      expect(await manager.existsBy(Ticket, { uuid })).toBe(true);
      throw new Error('the app has changed its mind');
    });
    await expect(work).rejects.toThrow('the app has changed its mind');
    expect(uuid).not.toBe('');
    expect(await office.tickets.find(uuid)).toBeNull();
  });

  it('leaves a ticket that opens when the app’s transaction commits', async () => {
    const { credentials } = await office.dataSource.transaction((manager) =>
      office.tickets.issue(visit, manager),
    );
    expect((await office.tickets.authenticate(credentials, 'louvre', 'visit')).uuid).toBe(credentials.uuid);
  });

  it('writes at once when its manager is in no transaction', async () => {
    const { ticket } = await office.tickets.issue(visit, office.dataSource.manager);
    expect(await office.tickets.find(ticket.uuid)).not.toBeNull();
  });
});
