import { describe, expect, it } from 'vitest';
import { Keyring, mac, macText, sameText, type KeyUse } from '../../../lib/tickets/secrets/keyring.js';

const OLD = 'the old secret, of more than thirty-two characters';
const NEW = 'the new secret, of more than thirty-two characters';
const USES: KeyUse[] = ['verifier', 'password', 'pass', 'id'];

describe('A keyring', () => {
  it('derives the same keys from the same secret in every process', () => {
    const { id, bytes } = new Keyring([OLD]).current('verifier');
    expect(new Keyring([OLD]).find('verifier', id)?.bytes).toEqual(bytes);
    // Pinned: a change of the derivation would close every ticket and pass that is out.
    expect({ id, bytes: bytes.toString('hex') }).toMatchInlineSnapshot(`
      {
        "bytes": "12b3e91ccf2f2864243e3a4f73be71e16c22f12445610612c9f41ed66ebbfd2a",
        "id": "rW2UTRfL",
      }
    `);
  });

  it('has a key of its own for each use, and for each secret', () => {
    const keys = [OLD, NEW].flatMap((secret) => USES.map((use) => new Keyring([secret]).current(use).bytes));
    expect(new Set(keys.map((bytes) => bytes.toString('hex'))).size).toBe(keys.length);
    for (const bytes of keys) expect(bytes).toHaveLength(32);
  });

  it('has keys that show nothing of the secret', () => {
    for (const use of USES) {
      expect(new Keyring([OLD]).current(use).bytes.toString('latin1')).not.toContain(OLD.slice(0, 8));
    }
    expect(new Keyring([OLD]).current('pass').id).toMatch(/^[A-Za-z0-9_-]{8}$/);
  });

  it('[S-11] makes new values under the first secret and still knows those of the others', () => {
    const rotated = new Keyring([NEW, OLD]);
    const [before, after] = [new Keyring([OLD]), new Keyring([NEW])];
    for (const use of USES) {
      expect(rotated.current(use)).toEqual(after.current(use));
      expect(rotated.find(use, before.current(use).id)).toEqual(before.current(use));
    }
  });

  it('[S-11] no longer knows the values of a secret that was removed', () => {
    const { id } = new Keyring([OLD]).current('verifier');
    expect(new Keyring([NEW]).find('verifier', id)).toBeUndefined();
  });

  it.each(['', '__proto__', 'constructor', 'AAAAAAAA'])('knows no key %j', (id) => {
    expect(new Keyring([OLD]).find('pass', id)).toBeUndefined();
  });
});

describe('A mac', () => {
  const key = new Keyring([OLD]).current('pass');

  it.each<[(string | number)[], (string | number)[]]>([
    [
      ['a', 'b:c'],
      ['a:b', 'c'],
    ],
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [
      ['a', ''],
      ['', 'a'],
    ],
    [['a'], ['a', '']],
    [['1:a'], ['a']],
    [['a1:b'], ['a', 'b']],
    [
      ['a', 1],
      ['a', 11],
    ],
    [['caf\u00e9'], ['cafe\u0301']],
  ])('[S-3] of %j is not that of %j', (one, other) => {
    expect(mac(key, ...one)).not.toEqual(mac(key, ...other));
  });

  it('has 32 bytes and depends on nothing but key and fields', () => {
    expect(mac(key, 'a', 1)).toHaveLength(32);
    expect(mac(key, 'a', 1)).toEqual(mac({ id: 'other', bytes: Buffer.from(key.bytes) }, 'a', 1));
    expect(mac(key, 'a', 1)).not.toEqual(mac(new Keyring([NEW]).current('pass'), 'a', 1));
  });

  it('is the same as text', () => {
    expect(macText(key, 'café', 1)).toBe(mac(key, 'café', 1).toString('base64url'));
  });
});

it.each([
  ['', '', true],
  ['abc', 'abc', true],
  ['abc', 'abd', false],
  ['abc', 'abcd', false],
  ['abc', '', false],
  ['é', 'e\u0301', false],
])('compares %j with %j in constant time: %s', (left, right, same) => {
  expect(sameText(left, right)).toBe(same);
});
