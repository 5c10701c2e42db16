import { inspect } from 'node:util';
import { TicketInputError, type IssueInput } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { assertIssueInput } from '../../../lib/tickets/input/issue.input.js';
import { TestClock } from '../../support/clock.js';
import { eachDatabase, oneDatabase } from '../../support/databases.js';
import { StatementLog } from '../../support/statement-log.js';
import { startOffice, type TicketOffice } from '../../support/office.js';

const PASSWORD = 'I love Paris';
const visit = { place: 'louvre', purpose: 'visit', password: PASSWORD };

const NO_TEXT = [null, 42, true, [], ['louvre'], {}, { toString: () => 'louvre' }, new String('louvre'), 5n];
const NO_NAME = [...NO_TEXT, '', 'louvre\0', 'louvre\ud800', '\udc00louvre'];
const GENERATED = `tkt_${'a'.repeat(43)}`;

const WRONG: [keyof IssueInput, unknown[]][] = [
  ['place', [undefined, ...NO_NAME, 'x'.repeat(101)]],
  ['purpose', [undefined, ...NO_NAME, 'x'.repeat(101)]],
  ['subject', [...NO_NAME.filter((value) => value !== 42), NaN, Infinity, 0.5, 2 ** 53, 'x'.repeat(192)]],
  ['expiresIn', [0, -1, Number.NaN, Infinity, '', '5', 'soon', '-5d', '0s', true, [], {}, new Date(), 5n]],
  [
    'expiresAt',
    [
      null,
      0,
      Date.parse('2030-01-01'),
      '2030-01-01',
      'soon',
      {},
      [],
      { getTime: () => 4e12 },
      new Date(Number.NaN),
      new Date('2026-01-01T00:00:00.000Z'),
      new Date(0),
      new Date(-1),
    ],
  ],
  [
    'password',
    [null, 42, true, [], [PASSWORD], {}, { digits: '8' }, '', 'x'.repeat(1025), '🗼'.repeat(257), GENERATED],
  ],
  ['password', ['Paris\0', 'Paris\ud800', new String(PASSWORD)]],
];

const UNKNOWN: [string, object][] = [
  ['usedAt', { usedAt: null }],
  ['revokedAt', { revokedAt: null }],
  ['createdAt', { createdAt: new Date() }],
  ['uuid', { uuid: '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071' }],
  ['verifier', { verifier: 'hmac-sha256$AAAAAAAA$' }],
  ['generation', { generation: 2 }],
  ['attempts', { attempts: -1000 }],
  ['claimId', { claimId: null }],
  ['claimedAt', { claimedAt: null }],
  ['constructor', { constructor: Object }],
  ['toString', { toString: () => '' }],
  ['__proto__', JSON.parse('{ "__proto__": { "subject": "king" } }') as object],
  ['__proto__', JSON.parse('{ "__proto__": null }') as object],
  ['Symbol(place)', { [Symbol('place')]: 'louvre' }],
  ['PLACE', { PLACE: 'louvre' }],
];

/** Like a spread, but a property named __proto__ stays a property. */
function own(...objects: object[]): object {
  const all = {};
  for (const object of objects) Object.defineProperties(all, Object.getOwnPropertyDescriptors(object));
  return all;
}

oneDatabase('issue()', (database) => {
  const log = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    const { now } = new TestClock('2026-01-01T00:00:00Z');
    office = await startOffice(database, { now }, { logger: log });
  });

  /** The error for this input, after no statement at all. */
  async function refusal(input: unknown): Promise<TicketInputError> {
    let error: unknown;
    const statements = await log.during(async () => {
      error = await office.tickets.issue(input as IssueInput).catch((reason: unknown) => reason);
    });
    expect(statements).toEqual([]);
    expect(error).toBeInstanceOf(TicketInputError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(PASSWORD);
    return error as TicketInputError;
  }

  it('sends a statement for good input, which the log below would show', async () => {
    expect(await log.during(() => office.tickets.issue(visit))).toHaveLength(1);
  });

  describe.each(WRONG)('[M-4] refuses a %s', (field, values) => {
    it.each(values.map((value) => [inspect(value).slice(0, 40), value]))('that is %s', async (_, value) => {
      const error = await refusal({ ...visit, [field]: value });
      expect(error.faults.map((fault) => fault.split(' ')[0])).toEqual([field]);
      expect(error.message).toContain('issue()');
      if (field === 'password') expect(error.message).not.toMatch(/Paris|tkt_aaa|x{9}|🗼/u);
    });
  });

  it.each(UNKNOWN)('refuses the unknown field %s', async (field, unknown) => {
    const error = await refusal(own(visit, unknown));
    expect(error.message).toContain(`'${field}' is unknown: write one of place, purpose, subject, data`);
  });

  it('names some of many unknown fields, once', async () => {
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`x${index}`, 1]));
    const { faults } = await refusal({ ...visit, ...many });
    expect(faults).toEqual([
      expect.stringMatching(
        /^'x0', 'x1', 'x2', 'x3', 'x4' and 2995 more are unknown: write one of place, purpose, /,
      ),
    ]);
  });

  it('names each of a few unknown fields', async () => {
    const { faults } = await refusal({ ...visit, colour: 1, 'a\nsecret': 2 });
    expect(faults).toEqual([
      expect.stringMatching(/^'colour' and 'a\\nsecret' are unknown: write one of place/),
    ]);
  });

  it('is not fooled by a prototype that JSON.parse was asked to pollute', async () => {
    const body = JSON.parse(
      '{ "place": "louvre", "purpose": "visit", "__proto__": { "password": "x" }, "data": {} }',
    ) as object;
    await refusal(body);
    expect(({} as Record<string, unknown>)['password']).toBeUndefined();
    const { ticket } = await office.tickets.issue({ place: 'louvre', purpose: 'visit' });
    expect(ticket.subject).toBeNull();
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'louvre'],
    ['a number', 42],
    ['an array', [visit]],
    ['an empty array', []],
    ['a function', () => visit],
  ])('refuses %s for an input', async (_, input) => {
    expect((await refusal(input)).message).toContain('the input must be an object');
  });

  it('refuses two ends of validity', async () => {
    const error = await refusal({ ...visit, expiresIn: '5d', expiresAt: new Date('2027-01-01') });
    expect(error.message).toContain('expiresIn and expiresAt exclude each other');
    await refusal({ ...visit, expiresIn: null, expiresAt: new Date('2027-01-01') });
  });

  it('names all problems at once', async () => {
    const { faults } = await refusal({ place: '', password: PASSWORD, usedAt: null, expiresIn: 'soon' });
    expect(faults.map((fault) => fault.replace(/ .*/, '')).toSorted()).toEqual([
      "'usedAt'",
      'expiresIn',
      'place',
      'purpose',
    ]);
  });
});

eachDatabase('issue()', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
  });

  it.each([
    ['x'.repeat(100), 'x'.repeat(100), 'x'.repeat(191)],
    ['🗼'.repeat(50), '\u6f22'.repeat(100), '🗼'.repeat(95)],
    [' ', '\t', '%'],
  ])('takes names as long as they may be: %s', async (place, purpose, subject) => {
    const { ticket } = await office.tickets.issue({ place, purpose, subject });
    expect(await office.tickets.find(ticket.uuid)).toMatchObject({ place, purpose, subject });
  });
});

describe('[D-5] A name within data', () => {
  it.each([
    ['control characters', 'x\r\n[Nest] 1 - LOG forged\u001b[2J'],
    ['200 kB of junk', 'x'.repeat(200_000)],
  ])('does not carry %s into a message, and so into a log', (_, name) => {
    const issue = () =>
      assertIssueInput({ ...visit, data: { [name]: { [name]: undefined } } }, new Date(), 5);
    expect(issue).toThrow(/^[^\p{Cc}]{1,1024}$/u);
  });
});

describe('[D-5] The name of an unknown field', () => {
  it.each([
    ['control characters', 'used\r\nAt\u001b[31m'],
    ['8 kB of junk', 'x'.repeat(8192)],
  ])('does not carry %s into a message, and so into a log', (_, name) => {
    const issue = () => assertIssueInput({ ...visit, [name]: null }, new Date(), 5);
    expect(issue).toThrow(TicketInputError);
    expect(issue).toThrow(/^[^\p{Cc}]{1,1024}$/u);
  });
});
