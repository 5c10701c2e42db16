import { describe, expect, it } from 'vitest';
import { formatVerifier, parseVerifier, type StoredVerifier } from '../../../lib/tickets/secrets/verifier.js';

const KEY = 'Az09_-xy';

const WRITTEN: [string, StoredVerifier][] = [
  [`hmac-sha256$${KEY}$x`, { scheme: 'hmac-sha256', keyId: KEY, digest: 'x' }],
  [`argon2id$${KEY}$$argon2id$v=19$`, { scheme: 'argon2id', keyId: KEY, digest: '$argon2id$v=19$' }],
  [
    `argon2id.digits-8$${KEY}$x`,
    { scheme: 'argon2id', code: { alphabet: 'digits', length: 8 }, keyId: KEY, digest: 'x' },
  ],
  [
    `argon2id.letters-12$${KEY}$x`,
    { scheme: 'argon2id', code: { alphabet: 'letters', length: 12 }, keyId: KEY, digest: 'x' },
  ],
];

describe('A verifier', () => {
  it.each(WRITTEN)('is written as %s, and read back', (text, stored) => {
    expect(formatVerifier(stored)).toBe(text);
    expect(parseVerifier(text)).toEqual({ code: undefined, ...stored });
  });

  it.each([
    ['nothing', ''],
    ['something before', ` hmac-sha256$${KEY}$x`],
    ['another scheme', `md5$${KEY}$x`],
    ['a scheme in capitals', `HMAC-SHA256$${KEY}$x`],
    ['no digest', `hmac-sha256$${KEY}$`],
    ['a digest that begins with a line', `hmac-sha256$${KEY}$\n`],
    ['a digest that ends with a line', `hmac-sha256$${KEY}$x\n`],
    ['a key of seven characters', `hmac-sha256$${KEY.slice(1)}$x`],
    ['a key of nine characters', `hmac-sha256$${KEY}z$x`],
    ['a key in base64', `hmac-sha256$${KEY.replace('-', '+')}$x`],
    ['no key', 'hmac-sha256$$x'],
    ['a code of no length', `argon2id.digits$${KEY}$x`],
    ['a code of length none', `argon2id.digits-$${KEY}$x`],
    ['a code of length 0', `argon2id.digits-0$${KEY}$x`],
    ['a code of three digits of length', `argon2id.digits-008$${KEY}$x`],
    ['a code of a length in letters', `argon2id.digits-x$${KEY}$x`],
    ['a code of more than there are', `argon2id.digits-99$${KEY}$x`],
    ['a code of another alphabet', `argon2id.runes-8$${KEY}$x`],
    ['two kinds of code', `argon2id.digits-8.digits-8$${KEY}$x`],
    ['a kind of code after no dot', `argon2iddigits-8$${KEY}$x`],
    ['a kind of code after any character', `argon2id-digits-8$${KEY}$x`],
  ])('[C-8] is none with %s', (_, text) => {
    expect(parseVerifier(text)).toBeUndefined();
  });
});
