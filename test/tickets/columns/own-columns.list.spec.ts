import { type IssueInput, type TicketFilter, TicketInputError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { Guide, MuseumTicket, Price, Tour } from './museum-ticket.js';

eachDatabase('list() and count() by columns of an own entity', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { entity: MuseumTicket }, { entities: [Guide] });
  });

  const issue = async (place: string, input: object = {}) =>
    (await office.tickets.issue({ place, purpose: 'visit', ...input } as IssueInput)).ticket.uuid;
  const list = async (input: object) => (await office.tickets.list(input)).map(({ uuid }) => uuid);
  const count = (input: object) => office.tickets.count(input);

  it.each<[string, unknown, unknown]>([
    ['gallery', 'Denon', 'Sully'],
    ['gallery', 'Denon', 'Denon '],
    ['gallery', 'Denon', 'denon'],
    ['gallery', 'Denon', null],
    ['gallery', null, 'Denon'],
    ['gallery', "' OR 1=1 --", 'x'],
    ['fare', 'child', 'adult'],
    ['persons', 2, 3],
    ['guided', true, false],
    ['tour', Tour.Long, Tour.Short],
    ['day', '2026-12-24', '2026-12-25'],
    ['day', null, '2026-12-25'],
    ['price', new Price(100), new Price(200)],
    ['price', null, new Price(200)],
    ['note', 'a regular', 'a stranger'],
    ['languages', ['fr', 'it'], ['fr']],
  ])('finds by %s: %j is not %j', async (name, value, other) => {
    const place = `${name} ${String(value)} ${String(other)}`;
    const uuid = await issue(place, { [name]: value });
    await issue(place, { [name]: other });
    expect(await list({ place, [name]: value })).toEqual([uuid]);
    expect(await list({ [name]: value })).toContain(uuid);
    expect(await count({ place, [name]: value, status: 'valid' })).toBe(1);
  });

  it('finds by several at once, page by page', async () => {
    const place = 'paged';
    const wanted: string[] = [];
    for (const persons of [1, 2, 1, 1]) {
      const uuid = await issue(place, { gallery: 'Denon', persons });
      if (persons === 1) wanted.push(uuid);
      await issue(place, { gallery: 'Sully', persons });
    }
    const filter = { gallery: 'Denon', persons: 1, place };
    const first = await list({ ...filter, limit: 2, order: 'newest' });
    const rest = await list({ ...filter, limit: 2, order: 'newest', after: first[1] });
    expect([...first, ...rest]).toEqual(wanted.toSorted().toReversed());
    expect(await count(filter)).toBe(3);
  });

  it('revokes those alone that it finds, by a column with or without a place', async () => {
    const wing = await issue('wing', { gallery: 'closed' });
    const other = await issue('other wing', { gallery: 'closed' });
    const open = await issue('wing', { gallery: 'open' });
    expect(await office.tickets.revokeAll({ place: 'wing', gallery: 'closed' } as TicketFilter)).toBe(1);
    expect(await list({ gallery: 'closed', status: 'revoked' })).toEqual([wing]);
    expect(await office.tickets.revokeAll({ gallery: 'closed' } as TicketFilter)).toBe(1);
    expect((await office.tickets.find(other))!.revoked).toBe(true);
    expect((await office.tickets.find(open))!.revoked).toBe(false);
    const nothing = { gallery: undefined } as TicketFilter;
    await expect(office.tickets.revokeAll(nothing)).rejects.toThrow(
      /gallery must have a value, not undefined/,
    );
  });

  it.each<[object, RegExp]>([
    [{ gallery: undefined }, /gallery must have a value, not undefined: leave it out for all tickets/],
    [{ galery: 'Denon' }, /'galery' is unknown: write one of .*gallery/],
    [{ gallery: 7 }, /gallery must be a string, not a number/],
    [{ gallery: () => '1' }, /gallery must be a value, not a function/],
    [{ persons: '1' }, /persons must be a whole number/],
    [{ fare: {} }, /fare must be a string, not an object/],
    [{ route: { rooms: [] } }, /route cannot be looked for: its type is simple-json/],
    [{ guide: { id: 1 } }, /'guide' is unknown/],
    [{ verifier: 'x' }, /'verifier' is unknown/],
  ])('refuse %j', async (input, message) => {
    await expect(list(input)).rejects.toThrow(TicketInputError);
    await expect(list(input)).rejects.toThrow(message);
    await expect(count(input)).rejects.toThrow(message);
  });
});
