import { defineTicket, type IssueInput, TicketInputError } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collect } from '../../support/collect.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { Guide, MuseumTicket, Price, Tour } from './museum-ticket.js';

const VISIT = { place: 'louvre', purpose: 'visit' };

const DEFAULTS = {
  gallery: null,
  fare: 'adult',
  persons: 1,
  guided: false,
  route: null,
  languages: null,
  tour: Tour.Short,
  day: null,
  price: null,
  visits: 7,
  guideId: null,
};

eachDatabase('columns of an own entity', (database) => {
  let office: TicketOffice;
  let guideId: number;
  beforeAll(async () => {
    office = await startOffice(database, { entity: MuseumTicket }, { entities: [Guide] });
    ({ id: guideId } = await office.dataSource.getRepository(Guide).save({ name: 'Mona' }));
  });

  const own = () => ({
    gallery: 'Denon',
    fare: 'child',
    persons: 3,
    guided: true,
    route: { rooms: [711, 712] },
    languages: ['fr', 'it'],
    tour: Tour.Long,
    day: '2026-12-24',
    price: new Price(1250),
    guideId,
  });
  const issue = async (input: object = {}) => {
    const issued = await office.tickets.issue({ ...VISIT, ...input });
    return { ...issued, ticket: issued.ticket as MuseumTicket };
  };
  const issueMany = async (inputs: object[]) => {
    const all = inputs.map((input) => ({ ...VISIT, ...input }));
    return (await collect(office.tickets.issueMany(all))).map(({ ticket }) => ticket as MuseumTicket);
  };
  const find = async (uuid: string) => (await office.tickets.find(uuid)) as MuseumTicket;

  it('are issued, and found as they were issued', async () => {
    const { ticket } = await issue(own());
    expect(ticket).toMatchObject({ ...VISIT, ...own(), visits: 7 });
    expect(ticket).toBeInstanceOf(MuseumTicket);
    expect(ticket.label).toBe('louvre: Denon');
    expect(String(ticket.price)).toBe('12.50 €');
    expect(await find(ticket.uuid)).toEqual(ticket);
  });

  it('are issued with a definition, too, and refused beside its other faults', async () => {
    const Visit = defineTicket({ ...VISIT, data: z.object({ name: z.string() }) });
    const input = { ...own(), data: { name: 'Lisa' } };
    const { ticket } = await office.tickets.issue(Visit, input);
    expect(ticket).toMatchObject({ ...VISIT, ...own(), data: { name: 'Lisa' } });
    const faulty = { ...input, data: { name: 7 as never }, persons: 'three' };
    await expect(office.tickets.issue(Visit, faulty)).rejects.toMatchObject({
      faults: [expect.stringMatching(/^data\.name: /), expect.stringMatching(/^persons /)],
    });
  });

  it('have what the database makes of what is left out', async () => {
    const { ticket } = await issue();
    expect(ticket).toMatchObject(DEFAULTS);
    expect(await find(ticket.uuid)).toEqual(ticket);
    expect((await issue({ gallery: undefined, fare: undefined })).ticket).toMatchObject(DEFAULTS);
    expect((await issue({ gallery: null, route: null })).ticket).toMatchObject(DEFAULTS);
  });

  it('are issued in batches, each with what it has', async () => {
    const tickets = await issueMany([{}, own(), { gallery: 'Sully' }, { persons: 2 }]);
    expect(tickets).toMatchObject([
      DEFAULTS,
      own(),
      { ...DEFAULTS, gallery: 'Sully' },
      { ...DEFAULTS, persons: 2 },
    ]);
    for (const ticket of tickets) {
      expect(ticket).toBeInstanceOf(MuseumTicket);
      expect(await find(ticket.uuid)).toEqual(ticket);
    }
  });

  it('are issued in a transaction of the app, and beside a duplicate', async () => {
    const level = database.name === 'sqlite' ? 'SERIALIZABLE' : 'READ COMMITTED';
    const input = { ...VISIT, ...own(), subject: 'guest 1', onDuplicate: 'revoke' } as IssueInput;
    const issueWith = (manager: EntityManager) => office.tickets.issue(input, manager);
    const { ticket } = await office.dataSource.transaction(level, issueWith);
    expect(ticket).toMatchObject(own());
    const { ticket: next } = await issue({ gallery: 'Sully', subject: 'guest 1', onDuplicate: 'revoke' });
    expect(next).toMatchObject({ ...DEFAULTS, gallery: 'Sully' });
    expect((await find(ticket.uuid)).revoked).toBe(true);
  });

  it('are on every ticket that the office hands over', async () => {
    const { ticket, credentials } = await issue(own());
    const { tickets } = office;
    const shown = await tickets.authenticate(credentials, 'louvre', 'visit');
    const seen = (await tickets.inspect(ticket.uuid))!.ticket;
    const again = await tickets.reissue(ticket.uuid);
    const [listed] = await tickets.list({ after: before(ticket.uuid), limit: 1 });
    for (const each of [shown, seen, again.ticket, listed]) {
      expect(each).toBeInstanceOf(MuseumTicket);
      expect(each).toEqual(ticket);
    }
    const given = await tickets.redeem(again.credentials, 'louvre', 'visit', async (one) => one);
    expect(given).toBeInstanceOf(MuseumTicket);
    expect(given).toMatchObject(own());
  });

  it('are in the JSON of a ticket; the internals and what is not selected are not', async () => {
    const { ticket } = await issue({ ...own(), note: 'a regular' });
    const json = JSON.parse(JSON.stringify(ticket)) as object;
    expect(Object.keys(json).toSorted()).toEqual(
      [
        ...['uuid', 'place', 'purpose', 'subject', 'data', 'createdAt', 'expiresAt', 'usedAt', 'revokedAt'],
        ...Object.keys(DEFAULTS),
      ].toSorted(),
    );
  });

  it('keep what no ticket shows', async () => {
    const { ticket } = await issue({ note: 'a regular' });
    const [row] = await office.dataSource
      .getRepository(MuseumTicket)
      .find({ where: { uuid: ticket.uuid }, select: { note: true } });
    expect(row!.note).toBe('a regular');
  });

  it('keep what was given, whatever the app makes of its object afterwards', async () => {
    const route = { rooms: [1] };
    const issuing = issue({ route });
    route.rooms.push(2);
    expect((await issuing).ticket.route).toEqual({ rooms: [1] });
  });

  it.each<[string, object, RegExp]>([
    ['a column that nobody has', { galery: 'Denon' }, /'galery' is unknown: write one of .*gallery/],
    ['an internal', { usedAt: null }, /'usedAt' is unknown/],
    ['a verifier', { verifier: 'x' }, /'verifier' is unknown/],
    ['a relation', { guide: { id: 1 } }, /'guide' is unknown/],
    ['a column that only the database writes', { visits: 8 }, /'visits' is unknown/],
    ['SQL', { gallery: () => "'Denon'" }, /gallery must be a value, not a function/],
    ['SQL for JSON', { route: () => 'NULL' }, /route must be a value, not a function/],
    ['a number for text', { gallery: 7 }, /gallery must be a string, not a number/],
    ['an object for text', { gallery: {} }, /gallery must be a string, not an object/],
    [
      'text that is too long',
      { gallery: 'x'.repeat(41) },
      /gallery must be a string of at most 40 characters; this one has 41/,
    ],
    [
      'half a character',
      { gallery: '\ud800' },
      /gallery must be a string, in well-formed Unicode, without NUL/,
    ],
    ['NUL', { gallery: '\0' }, /gallery must be a string, in well-formed Unicode, without NUL/],
    ['null where none may be', { fare: null }, /fare must not be null/],
    ['text for a number', { persons: '3' }, /persons must be a whole number from -2147483648 to 2147483647/],
    ['a fraction', { persons: 1.5 }, /persons must be a whole number/],
    ['a number beyond the column', { persons: 2 ** 31 }, /persons must be a whole number/],
    ['text for a boolean', { guided: 'yes' }, /guided must be true or false, not a string/],
    ['JSON that is none', { route: new Map() }, /route must be plain JSON/],
    ['a comma in a list', { languages: ['fr,it'] }, /languages must be an array of strings without commas/],
    ['what the enum lacks', { tour: 'endless' }, /tour must be one of short, long/],
    ['a day that is none', { day: 'tomorrow' }, /day must be a day as '2026-12-24', or a valid Date/],
    ['what the transformer makes nothing of', { price: { cents: 'x' } }, /price must be a whole number/],
  ])('refuse %s, before anything is written', async (_, input, message) => {
    const count = await office.tickets.count();
    await expect(issue(input)).rejects.toThrow(TicketInputError);
    await expect(issue(input)).rejects.toThrow(message);
    await expect(issueMany([{}, input])).rejects.toMatchObject({ index: 1 });
    expect(await office.tickets.count()).toBe(count);
  });

  describe('of a row that somebody else has written', () => {
    it('make it unreadable, when they cannot be read: it admits nobody, and is shown', async () => {
      const { ticket, credentials } = await issue({ gallery: 'Richelieu', data: { name: 'x' } });
      await office.dataSource.query(
        `UPDATE ticket_office_ticket SET price = 2000000 WHERE uuid = '${ticket.uuid}'`,
      );
      await expect(office.tickets.authenticate(credentials, 'louvre', 'visit')).rejects.toThrow();
      expect(await find(ticket.uuid)).toMatchObject({ gallery: 'Richelieu', price: null, data: null });
      await expect(office.tickets.claim(await find(ticket.uuid))).rejects.toThrow();
      await expect(office.tickets.reissue(ticket.uuid)).rejects.toThrow(/cannot be read \(price\)/);
      expect(await office.tickets.revoke(ticket.uuid)).toBe(true);
    });
  });
});

/** The uuid before this one. */
const before = (uuid: string): string => {
  const last = BigInt(`0x${uuid.slice(-12)}`) - 1n;
  return `${uuid.slice(0, -12)}${last.toString(16).padStart(12, '0')}`;
};
