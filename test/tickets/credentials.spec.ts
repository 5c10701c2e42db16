import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  canonicalPassword,
  canonicalUuid,
  Credentials,
  readCredentials,
} from '../../lib/tickets/credentials.js';

const UUID = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';
const BARE = UUID.replaceAll('-', '');
const SECRET = 'I love Paris';

describe('The spelling of a uuid', () => {
  it.each([UUID, UUID.toUpperCase(), BARE, BARE.toUpperCase(), '0190A0b0-C0d0-7E0f-8a1B-2c3D4e5F6071'])(
    '[C-5] may be %s',
    (spelling) => {
      expect(canonicalUuid(spelling)).toBe(UUID);
    },
  );

  it.each([
    ['in braces', `{${UUID}}`],
    ['a urn', `urn:uuid:${UUID}`],
    ['padded before', ` ${UUID}`],
    ['padded after', `${UUID} `],
    ['ended by a line', `${UUID}\n`],
    ['ended by a NUL', `${UUID}\0`],
    ['short by one', UUID.slice(1)],
    ['long by one', `${UUID}0`],
    ['with a digit that is none', UUID.replace('0', 'g')],
    ['with hyphens elsewhere', `${BARE.slice(0, 7)}-${BARE.slice(7)}`],
    ['with a hyphen missing', UUID.replace('-', '')],
    ['with hyphens only', '-'.repeat(36)],
    ['with underscores', UUID.replaceAll('-', '_')],
    ['with full-width digits', UUID.replaceAll('0', '\uff10')],
    ['with a Cyrillic letter', UUID.replaceAll('a', '\u0430')],
    ['with letters that become ASCII in lower case', UUID.replaceAll('0', '\u212a')],
    ['percent-encoded', UUID.replaceAll('-', '%2D')],
    ['empty', ''],
    ['of 8 kB', 'a'.repeat(8192)],
  ])('[C-5] may not be %s', (_, spelling) => {
    expect(canonicalUuid(spelling)).toBeUndefined();
  });

  it.each([[undefined], [null], [42], [[UUID]], [{ toString: () => UUID }], [new String(UUID)]])(
    '[C-2] may not be %o, which is no string',
    (value) => {
      expect(canonicalUuid(value)).toBeUndefined();
    },
  );
});

describe('A password', () => {
  it('[C-6] is the same composed and decomposed', () => {
    expect(canonicalPassword('cafe\u0301')).toBe(canonicalPassword('caf\u00e9'));
    expect(canonicalPassword('\u1112\u1161\u11ab')).toBe(canonicalPassword('\ud55c'));
  });

  it.each([
    ['ﬁ', 'fi'],
    ['Ａ', 'A'],
    ['²', '2'],
    ['a', 'а'],
    ['a', 'A'],
    ['a', 'a '],
    ['a', ' a'],
    ['a b', 'a\u00a0b'],
    ['ß', 'ss'],
    ['a', 'a\u200b'],
  ])('[C-6] is not the same as a look-alike: %j and %j', (one, other) => {
    expect(canonicalPassword(one)).not.toBe(canonicalPassword(other));
  });

  it.each(['I love Paris', ' padded ', '\t\r\n', '🗼'.repeat(3), '--', '%00', "' OR 1=1"])(
    '[C-6] stays as it is: %j',
    (password) => {
      expect(canonicalPassword(password)).toBe(password);
    },
  );

  it.each([
    ['a NUL', 'a\0b'],
    ['a lone high surrogate', 'a\ud83d'],
    ['a lone low surrogate', '\ude00a'],
    ['surrogates the wrong way round', '\ude00\ud83d'],
    ['nothing', ''],
  ])('[C-6] may not have %s', (_, password) => {
    expect(canonicalPassword(password)).toBeUndefined();
  });

  it.each([[undefined], [null], [42], [true], [['a']], [{}], [{ toString: () => 'a' }]])(
    '[C-2] may not be %o, which is no string',
    (value) => {
      expect(canonicalPassword(value)).toBeUndefined();
    },
  );

  it('[C-4] has at most 1024 bytes of UTF-8', () => {
    expect(canonicalPassword('x'.repeat(1024))).toHaveLength(1024);
    expect(canonicalPassword('x'.repeat(1025))).toBeUndefined();
    expect(canonicalPassword('🗼'.repeat(256))).toHaveLength(512);
    expect(canonicalPassword(`${'🗼'.repeat(256)}x`)).toBeUndefined();
    expect(canonicalPassword('x'.repeat(1 << 20))).toBeUndefined();
  });

  it('[C-4] has as many bytes as its canonical form, however it was typed', () => {
    // 512 letters: 1024 bytes composed, 1536 decomposed.
    const composed = '\u00e9'.repeat(512);
    expect(canonicalPassword(composed)).toBe(composed);
    expect(canonicalPassword(composed.normalize('NFD'))).toBe(composed);
    // As many bytes, and half as many characters again: no letter grows more.
    const accented = '\u0390'.repeat(512);
    expect(canonicalPassword(accented.normalize('NFD'))).toBe(accented);
    expect(canonicalPassword(`${accented.normalize('NFD')}x`)).toBeUndefined();
  });
});

describe('What a guest has presented', () => {
  it('is read into canonical credentials', () => {
    const shown = { uuid: BARE.toUpperCase(), password: 'cafe\u0301', page: '2' };
    expect(readCredentials(shown)).toEqual({ uuid: UUID, password: 'caf\u00e9' });
  });

  it.each([
    [undefined],
    [null],
    [''],
    [`${UUID}:${SECRET}`],
    [42],
    [[UUID, SECRET]],
    [{}],
    [{ uuid: UUID }],
    [{ password: SECRET }],
    [{ uuid: UUID, password: '' }],
    [{ uuid: '', password: SECRET }],
    [{ uuid: [UUID], password: SECRET }],
    [{ uuid: UUID, password: [SECRET] }],
    [{ uuid: { x: UUID }, password: { x: SECRET } }],
  ])('[C-8] is no credentials when it is %j', (shown) => {
    expect(readCredentials(shown)).toBeUndefined();
  });
});

describe('Issued credentials', () => {
  const credentials = new Credentials(UUID, SECRET);

  it.each<[string, (value: unknown) => string]>([
    ['JSON', (value) => JSON.stringify(value)],
    ['JSON of what holds them', (value) => JSON.stringify({ deep: [value] })],
    ['inspect', (value) => inspect(value)],
    ['inspect of what holds them', (value) => inspect({ deep: [value] }, { depth: 9 })],
    ['inspect that shows hidden things', (value) => inspect(value, { showHidden: true, depth: 9 })],
    ['inspect without custom inspection of a holder', (value) => inspect(new Map([[value, value]]))],
    ['a string', (value) => String(value)],
    ['a template', (value) => `<${value as string}>`],
    ['a concatenation', (value) => 'ticket: ' + (value as string)],
    ['an error message', (value) => new Error(value as string).message],
  ])('[ST-3] show their name but not their secret as %s', (_, print) => {
    const printed = print(credentials);
    expect(printed).toContain(UUID);
    expect(printed).not.toContain(SECRET);
  });

  it('keep their secret for those who ask for it', () => {
    expect(credentials.password).toBe(SECRET);
    // oxlint-disable-next-line typescript/no-misused-spread -- what an app may do
    expect({ ...credentials }).toEqual({ uuid: UUID });
    expect(credentials.password).toBe(SECRET);
    expect(readCredentials(credentials)).toEqual({ uuid: UUID, password: SECRET });
    const { uuid, password } = credentials;
    expect([uuid, password]).toEqual([UUID, SECRET]);
  });
});
