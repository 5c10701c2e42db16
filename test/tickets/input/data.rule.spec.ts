import { inspect } from 'node:util';
import { TicketInputError } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataProblem } from '../../../lib/tickets/input/data.rule.js';
import { eachDatabase } from '../../support/databases.js';
import { StatementLog } from '../../support/statement-log.js';
import { startOffice, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };

const nested = (levels: number): unknown => {
  let value: unknown = 'core';
  for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { value };
  return value;
};
const ofBytes = (bytes: number): string => 'x'.repeat(bytes - 2);

const cycle: { self?: unknown } = {};
cycle.self = cycle;
const cyclicList: unknown[] = [];
cyclicList.push([cyclicList]);
const sparse = [1, 2];
sparse.length = 4;
class Person {
  name = 'Léonard';
}

const REFUSED: [string, unknown][] = [
  ['undefined inside', { a: undefined }],
  ['undefined in a list', [undefined]],
  ['a cycle', cycle],
  ['a cycle of lists', cyclicList],
  ['a BigInt', 5n],
  ['a BigInt inside', { a: [5n] }],
  ['NaN', Number.NaN],
  ['NaN inside', { a: Number.NaN }],
  ['Infinity', [Infinity]],
  ['-Infinity', [-Infinity]],
  ['minus zero', { a: -0 }],
  ['a Date', new Date()],
  ['a Date inside', { born: new Date() }],
  ['a Map', { a: new Map() }],
  ['a Set', new Set()],
  ['a RegExp', /a/],
  ['a Buffer', Buffer.from('a')],
  ['a typed array', new Uint8Array(2)],
  ['an Error', new Error('no')],
  ['a URL', new URL('https://museum.example')],
  ['an instance of a class', new Person()],
  ['an instance inside', { guest: new Person() }],
  ['a boxed string', new String('a')],
  ['a boxed number', { a: new Number(1) }],
  ['a function', () => 1],
  ['a function inside', { a: () => 1 }],
  ['a symbol', Symbol('a')],
  ['a property named by a symbol', { [Symbol('a')]: 1 }],
  ['a promise', Promise.resolve(1)],
  ['a sparse list', sparse],
  ['a list with a property', Object.assign([1], { extra: 1 })],
  [
    'a getter',
    {
      get a() {
        return 1;
      },
    },
  ],
  ['a hidden property', Object.defineProperty({}, 'a', { value: 1, enumerable: false })],
  ['an own __proto__', JSON.parse('{ "__proto__": 1 }')],
  ['an own __proto__ deep inside', JSON.parse('{ "a": [{ "__proto__": { "admin": true } }] }')],
  ['a toJSON', { toJSON: () => 1 }],
  ['a toJSON that is no function', { a: { toJSON: 1 } }],
  ['17 levels', nested(17)],
  ['a thousand levels', nested(1000)],
  ['a hundred thousand levels', nested(100_000)],
  ['more than 16 kB', ofBytes(16_385)],
  ['more than 16 kB of two-byte letters', 'é'.repeat(8192)],
  ['more than 16 kB once control characters are escaped', '\u0001'.repeat(2731)],
];

const EQUAL: [string, unknown][] = [
  ['an empty object', {}],
  ['an empty list', []],
  ['an empty string', ''],
  ['zero', 0],
  ['false', false],
  ['null', null],
  ['null inside', { a: null, b: [null] }],
  ['a string', 'a'],
  ['numbers to their last digit', [1, -1, 0.1, 1e-7, 5e-324, 1.7976931348623157e308, 9007199254740991, 1e21]],
  ['emoji and all planes', { '🗼': ['👩‍👩‍👧‍👦', 'é', 'e\u0301', '漢', '\u{10ffff}', '\uffff', '\ufeff'] }],
  ['a NUL in strings and names', { 'a\0b': ['\0', 'a\0', { '\0': '\0' }] }],
  ['lone surrogates', ['\ud800', 'a\udc00b', { '\udfff': '\ud83d' }]],
  ['control characters and line separators', ['\u0001\b\t\n\r\u001b\u007f\u0085\u2028\u2029']],
  [
    'quotes, slashes and braces',
    ['"', "'", '\\', '\\\\', '/', '`', '${a}', '</script>', '{"a":1}', '%s', '?', ':a'],
  ],
  [
    'names that JavaScript knows',
    { constructor: 1, prototype: 2, hasOwnProperty: 3, length: 4, toString: 5 },
  ],
  ['names that are numbers or empty', { '': 1, '0': 2, '01': 3, '-1': 4, ' ': 5 }],
  ['16 levels', nested(16)],
  ['exactly 16 kB', ofBytes(16_384)],
  [
    'text that looks like something else',
    ['null', 'true', '1', '2026-01-01T00:00:00.000Z', '{}', '[]', ' a '],
  ],
  ['an object without prototype', Object.assign(Object.create(null) as object, { a: 1 })],
  ['one object in two places', (({ a }) => ({ one: a, other: a }))({ a: { b: 1 } })],
];

describe('[ST-9] Data', () => {
  it.each(REFUSED)('may not be %s', (_, data) => {
    expect(dataProblem(data)).toMatch(/\w+/);
  });

  it('says where it is wrong', () => {
    expect(dataProblem({ guest: { born: new Date() } })).toMatch(
      /^\.guest\.born must be plain JSON.*not Date/,
    );
    expect(dataProblem({ ages: [1, Number.NaN] })).toMatch(/^\.ages\.1 must be a finite number/);
  });

  it('may be a proxy that names what it does not have', () => {
    const data = new Proxy({ a: 1 }, { ownKeys: () => ['a', 'ghost'] });
    expect(JSON.stringify(data)).toBe('{"a":1}');
    expect(dataProblem(data)).toBeUndefined();
  });

  it('is walked no further than it may be long, however often it repeats one object', () => {
    let visits = 0;
    const counted = { ownKeys: (target: object) => ((visits += 1), Reflect.ownKeys(target)) };
    let data: unknown = new Proxy([], counted);
    for (let level = 0; level < 4; level += 1) data = Array.from({ length: 20 }, () => data);
    expect(dataProblem(data)).toMatch(/16384 bytes/);
    // Each visited list is at least two bytes of JSON. Fifteen such levels would take an app's life time.
    expect(visits).toBeLessThan(16_384 * 4);
  });
});

eachDatabase('[ST-9] issue() on data', (database) => {
  const log = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, {}, { logger: log });
  });

  it('refuses it all, before any query', async () => {
    const statements = await log.during(async () => {
      for (const [kind, data] of REFUSED) {
        const error = await office.tickets.issue({ ...visit, data }).catch((reason: unknown) => reason);
        expect(error, kind).toBeInstanceOf(TicketInputError);
        expect((error as Error).message, kind).toMatch(/^issue\(\): data[ .]/);
      }
      expect.assertions(2 * REFUSED.length + 1);
    });
    expect(statements).toEqual([]);
  });

  it.each(EQUAL)('gives back %s', async (_, data) => {
    const { ticket, credentials } = await office.tickets.issue({ ...visit, data });
    const found = await office.tickets.find(ticket.uuid);
    const admitted = await office.tickets.authenticate(credentials, 'louvre', 'visit');
    for (const { data: back } of [ticket, found!, admitted]) {
      expect(back).toEqual(typeof data === 'object' && data !== null ? structuredClone(data) : data);
      expect(inspect(back, { depth: 20 })).toBe(inspect(JSON.parse(JSON.stringify(data)), { depth: 20 }));
    }
  });
});
