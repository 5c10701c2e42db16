import { type IssueInput, TicketInputError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { collect } from '../../support/collect.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { OddTicket } from './odd-ticket.js';

eachDatabase('odd values of own columns', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { entity: OddTicket });
  });

  const inputOf = (own: object) => ({ place: 'louvre', purpose: 'visit', ...own }) as IssueInput;
  const issue = async (own: object) => (await office.tickets.issue(inputOf(own))).ticket as OddTicket;
  const issueMany = async (...inputs: object[]) =>
    (await collect(office.tickets.issueMany(inputs.map(inputOf)))).map(({ ticket }) => ticket as OddTicket);

  it('never come from the fields of the library', async () => {
    const data = { name: 'Lisa' };
    expect(await issue({ data })).toMatchObject({ data, json: null });
    expect(await issue({ data, onDuplicate: 'revoke', subject: 'x' })).toMatchObject({ data, json: null });
    expect(await issueMany({ data }, { data, json: 'mine' })).toMatchObject([
      { data, json: null },
      { data, json: 'mine' },
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    ['day', '2026-02-31', /^day must be a day as '2026-12-24'/],
    ['day', '2026-13-01', /^day must be a day/],
    ['day', '2025-02-29', /^day must be a day/],
    ['day', '0000-00-00', /^day must be a day/],
    ['day', '0099-01-01', /from the year 1000/],
    ['day', new Date(8.64e15), /^day must be a day/],
    ['opens', '25:99:99', /^opens must be a time as '18:30:00'/],
    ['opens', '24:00:00', /^opens must be a time/],
    ['opens', '18:60', /^opens must be a time/],
    [
      'big',
      '9223372036854775808',
      /^big must be a whole number from -9223372036854775808 to 9223372036854775807/,
    ],
    ['big', '-9223372036854775809', /^big must be a whole number/],
    ['big', 2n ** 63n, /^big must be a whole number/],
    ['big', '12.5', /^big must be a whole number/],
    ['big', 2 ** 60, /^big must be a whole number/],
    [
      'amount',
      '123456789012',
      /^amount must be a number of at most 8 digits before the point and 2 after it/,
    ],
    ['amount', 123_456_789, /^amount must be a number of at most 8 digits/],
    ['amount', 1e21, /^amount must be a number of at most 8 digits/],
    ['amount', '1.234', /^amount must be a number of at most 8 digits/],
    ['amount', 1e-7, /^amount must be a number of at most 8 digits/],
    ['amount', 'much', /^amount must be a finite number/],
    ['at', new Date(8.64e15), /^at must be a valid Date from the year 1000 to 9999/],
    ['at', new Date('0099-01-01T00:00:00Z'), /^at must be a valid Date from the year 1000/],
    ['at', new Date(Number.NaN), /^at must be a valid Date/],
    ['at', '2026-12-24', /^at must be a valid Date/],
  ])('are refused before the database sees them: %s: %s', async (name, value, fault) => {
    for (const call of [
      () => issue({ [name]: value }),
      () => office.tickets.count({ [name]: value } as object),
    ]) {
      const error: unknown = await call().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TicketInputError);
      expect(error).toMatchObject({ faults: [expect.stringMatching(fault)] });
    }
  });

  it.each<[string, unknown]>([
    ['day', '2028-02-29'],
    ['day', '1000-01-01'],
    ['opens', '00:00'],
    ['opens', '23:59:59'],
    ['opens', '18:30:00.75'],
    ['big', '9223372036854775807'],
    ['big', '-9223372036854775808'],
    ['big', 7],
    ['big', 2n ** 62n],
    ['amount', '-12345678.9'],
    ['amount', '00012345678.10'],
    ['amount', 19.99],
    ['amount', 1e7],
    ['at', new Date('9999-12-30T00:00:00Z')],
    ['at', new Date('2026-12-24T18:30:00.789Z')],
    ['tenth', new Date('2026-12-24T18:30:00.789Z')],
    ['tenth', new Date('2026-12-24T18:30:00.999Z')],
  ])('are found by what they were issued with: %s: %s', async (name, value) => {
    const { uuid } = await issue({ [name]: value });
    const found = await office.tickets.list({ [name]: value } as object);
    expect(found.map((ticket) => ticket.uuid)).toEqual([uuid]);
  });

  it('are found by what the ticket shows', async () => {
    const place = 'as shown';
    const { at, tenth, opens } = await issue({
      ...{ place, at: new Date('2026-12-24T18:30:00.654Z'), tenth: new Date('2026-12-24T18:30:00.654Z') },
      opens: '18:30:00.654',
    });
    expect(await office.tickets.count({ place, at, tenth, opens } as object)).toBe(1);
  });

  it.each([
    ['without a prototype', (value: object) => Object.assign(Object.create(null) as object, value)],
    ['that are proxies', (value: object) => new Proxy(value, {})],
  ])('%s are copied as they were when issue() was called', async (_, make) => {
    const route = make({ rooms: make([1]) }) as { rooms: number[] };
    if (!Array.isArray(route.rooms)) route.rooms = [1];
    const languages = new Proxy(['fr'], {});
    const issuing = issue({ route, languages });
    route.rooms.push(2);
    Object.assign(route, { floor: 3 });
    languages.push('it');
    expect(await issuing).toMatchObject({ route: { rooms: [1] }, languages: ['fr'] });
    expect((await issuing).route).toEqual({ rooms: [1] });
  });
});
