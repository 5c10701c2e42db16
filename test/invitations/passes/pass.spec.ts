import { describe, expect, it } from 'vitest';
import {
  unverifiedGrantTime,
  verifyPass,
  type Pass,
  signPass,
} from '../../../lib/invitations/passes/pass.js';
import { Keyring, mac } from '../../../lib/tickets/secrets/keyring.js';

const keyring = new Keyring(['a secret of the museum, for tests only']);
const now = new Date('2026-01-01T00:00:00Z');
const pass: Pass = {
  uuid: '01890000-0000-7000-8000-00000000000a',
  nonce: 'Lisa-Gherardini_______',
  place: 'louvre',
  purpose: 'visit',
  generation: 1,
  grantedAt: now,
  expiresAt: new Date('2026-01-01T00:15:00Z'),
};
const text = signPass(keyring, pass);
const open = (shown: string, at = now, keys = keyring) => verifyPass(keys, shown, 'louvre', 'visit', at);
const parts = text.split('.') as [string, string, string, string, string, string, string];
const [id, uuid, nonce, generation, grant, expiry, signature] = parts;
/** The pass with one of its parts spelled otherwise. */
const having = (part: string, spelling: string) => parts.with(parts.indexOf(part), spelling).join('.');

describe('a pass', () => {
  it('opens to what was signed', () => {
    expect(open(text)).toEqual(pass);
    const last = new Date(8.64e15);
    const later = { ...pass, generation: 2_000_000_000, grantedAt: last, expiresAt: last };
    const token = signPass(keyring, later);
    expect(open(token)).toEqual(later);
  });

  it('is made of characters that need no encoding in a cookie, and says neither place nor purpose', () => {
    expect(text).toMatch(/^[\w.-]{130,138}$/);
    expect(text).not.toMatch(/louvre|visit/);
  });

  it('[S-1] is nothing with any single bit changed', () => {
    const bytes = Buffer.from(text, 'latin1');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(open(changed.toString('latin1')), `bit ${bit}`).toBeUndefined();
    }
  });

  it('[S-1] is nothing with any character left out, added or doubled', () => {
    for (let at = 0; at <= text.length; at += 1) {
      const [head, tail] = [text.slice(0, at), text.slice(at)];
      if (at < text.length) expect(open(head), `cut at ${at}`).toBeUndefined();
      if (at > 0) expect(open(tail), `begun at ${at}`).toBeUndefined();
      if (at < text.length) expect(open(head + tail.slice(1)), `without ${at}`).toBeUndefined();
      for (const extra of ['0', 'A', '.', '=', ' ', tail[0] ?? '\n']) {
        expect(open(head + extra + tail), `'${extra}' added at ${at}`).toBeUndefined();
      }
    }
  });

  it.each([
    ['empty', ''],
    ['in upper case', text.toUpperCase()],
    ['in lower case', text.toLowerCase()],
    ['with the uuid in upper case', having(uuid, uuid.toUpperCase())],
    ['with the uuid bare', having(uuid, uuid.replaceAll('-', ''))],
    ['with the grant in upper case', having(grant, grant.toUpperCase())],
    ['with the expiry in upper case', having(expiry, expiry.toUpperCase())],
    ['with the generation zero-padded', having(generation, `0${generation}`)],
    ['with the grant zero-padded', having(grant, `0${grant}`)],
    ['with the expiry zero-padded', having(expiry, `0${expiry}`)],
    ['without its grant', [id, uuid, nonce, generation, expiry, signature].join('.')],
    ['without its nonce', [id, uuid, generation, grant, expiry, signature].join('.')],
    ['of the form it once had', formerly()],
    ['as base64 with padding', `${text}=`],
    ['as base64, not base64url', text.replaceAll('-', '+').replaceAll('_', '/')],
    ['percent-encoded', text.replaceAll('.', '%2E')],
    ['base64url-encoded once more', Buffer.from(text).toString('base64url')],
    ['with the signature in hex', having(signature, hex(signature))],
    ['with a line break', `${text}\n`],
    ['twice', `${text}${text}`],
    ['with an empty signature', having(signature, '')],
    ['with a signature of zeros', having(signature, 'A'.repeat(43))],
    ['of 100 kB', text + 'A'.repeat(100_000)],
    ['of 100 kB of dots', '.'.repeat(100_000)],
    ['of 100 kB of names', 'a'.repeat(100_000)],
  ])('[S-1] is nothing %s', (_, shown) => {
    expect(open(shown)).toBeUndefined();
  });

  it('[S-1] is nothing with the signature spelled otherwise for the same bytes', () => {
    const bytes = Buffer.from(signature, 'base64url');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twins = alphabet.split('').map((last) => signature.slice(0, -1) + last);
    const same = twins.filter((twin) => Buffer.from(twin, 'base64url').equals(bytes));
    expect(same).toHaveLength(4);
    const accepted = same.filter((twin) => open(having(signature, twin)));
    expect(accepted).toEqual([signature]);
  });

  it('[S-1] [S-11] is nothing without its secret, and good as long as that is known', () => {
    const [old, next] = ['a secret of the museum, for tests only', 'another secret, which signs from now on'];
    expect(open(text, now, new Keyring([next, old]))).toEqual(pass);
    expect(open(text, now, new Keyring([next]))).toBeUndefined();
    // The key's name is public: taking another's does not help.
    const forged = signPass(new Keyring([next]), pass)
      .split('.')
      .with(0, id)
      .join('.');
    expect(open(forged)).toBeUndefined();
  });

  it('[S-2] is nothing from its expiry on', () => {
    expect(open(text, new Date(pass.expiresAt.getTime() - 1))).toEqual(pass);
    expect(open(text, pass.expiresAt)).toBeUndefined();
    expect(open(text, new Date(pass.expiresAt.getTime() + 1))).toBeUndefined();
  });

  it.each([
    ['uuid', { uuid: '01890000-0000-7000-8000-00000000000b' }],
    ['generation', { generation: 2 }],
    ['nonce', { nonce: 'A'.repeat(22) }],
    ['grant', { grantedAt: new Date('2025-12-31T23:59:00Z') }],
    ['expiry', { expiresAt: new Date('2027-01-01T00:00:00Z') }],
  ])('[S-3] does not lend its signature to another %s', (_, other) => {
    const others = signPass(keyring, { ...pass, ...other }).split('.');
    expect(open(others.with(6, signature).join('.'))).toBeUndefined();
  });

  it('[S-10] says when it was granted, before anybody has verified it', () => {
    expect(unverifiedGrantTime(text, now)).toBe(now.getTime());
    expect(unverifiedGrantTime(having(signature, 'A'.repeat(43)), now)).toBe(now.getTime());
    const garbage = ['', 'dark', `${text}A`, `${text}\n`, having(grant, ''), formerly()].map((each) =>
      unverifiedGrantTime(each, now),
    );
    expect(garbage).toEqual(garbage.map(() => -1));
    expect(unverifiedGrantTime(having(grant, '0'), now)).toBeGreaterThan(-1);
    expect(unverifiedGrantTime(text, new Date(now.getTime() - 1))).toBe(-1);
  });

  it.each([
    [
      ['louvre', 'visit'],
      ['louvre', 'purchase'],
    ],
    [
      ['louvre', 'visit'],
      ['uffizi', 'visit'],
    ],
    [
      ['a', 'b:c'],
      ['a:b', 'c'],
    ],
    [
      ['a', 'bc'],
      ['ab', 'c'],
    ],
    [
      ['a', '1:b'],
      ['a1:', 'b'],
    ],
    [
      ['visit', 'louvre'],
      ['louvre', 'visit'],
    ],
    [
      ['Louvre', 'visit'],
      ['louvre', 'visit'],
    ],
    [
      ['louvre ', 'visit'],
      ['louvre', 'visit'],
    ],
    [
      [' louvre', 'visit'],
      ['louvre', 'visit'],
    ],
    [
      ['louvre', 'visit '],
      ['louvre', 'visit'],
    ],
    [
      ['é', 'visit'],
      ['e\u0301', 'visit'],
    ],
    [
      ['louvre\u200b', 'visit'],
      ['louvre', 'visit'],
    ],
  ] as [[string, string], [string, string]][])('[S-3] for %j does not open %j', (there, here) => {
    const signed = signPass(keyring, { ...pass, place: there[0], purpose: there[1] });
    expect(verifyPass(keyring, signed, ...there, now)).toBeDefined();
    expect(verifyPass(keyring, signed, ...here, now)).toBeUndefined();
    const other = signPass(keyring, { ...pass, place: here[0], purpose: here[1] });
    expect(verifyPass(keyring, other, ...there, now)).toBeUndefined();
  });
});

/** Genuine in every respect, before passes said when they were granted. */
function formerly(): string {
  const [key, expiresAt] = [keyring.current('pass'), pass.expiresAt.getTime()];
  const bytes = mac(key, pass.uuid, 'louvre', 'visit', pass.generation, expiresAt);
  return [key.id, uuid, generation, expiry, bytes.toString('base64url')].join('.');
}

function hex(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('hex');
}
