import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyPass, type Pass, signPass } from '../../../lib/invitations/passes/pass.js';
import { Keyring } from '../../../lib/tickets/secrets/keyring.js';
import { anyBorders, anyName, anyText, anyUuid, RUNS, textOf } from '../../support/anything.js';
import { anyChange, changed } from '../../support/change.js';

const SECRET = 'a secret of the museum, for tests only';
const keyring = new Keyring([SECRET]);
/** As late as a Date can be. */
const LAST = 8.64e15;

const anyPass: Arbitrary<Pass> = fc.record({
  uuid: anyUuid,
  nonce: fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((bytes) => Buffer.from(bytes).toString('base64url')),
  place: anyName,
  purpose: anyName,
  generation: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  grantedAt: fc.integer({ min: 0, max: LAST }).map((time) => new Date(time)),
  expiresAt: fc.integer({ min: 1, max: LAST }).map((time) => new Date(time)),
});

const justBefore = ({ expiresAt }: Pass): Date => new Date(expiresAt.getTime() - 1);

/** Opened in time, at its own door if no other is given. */
function open(text: string, pass: Pass, door: Partial<Pass> = {}, keys = keyring): Pass | undefined {
  const { place, purpose } = { ...pass, ...door };
  return verifyPass(keys, text, place, purpose, justBefore(pass));
}

describe('Any pass', () => {
  it('opens to what was signed, and fits a cookie as it is', () => {
    const property = fc.property(anyPass, (pass) => {
      const text = signPass(keyring, pass);
      expect(text).toMatch(/^[\w.-]{1,145}$/);
      expect(open(text, pass)).toEqual(pass);
    });
    fc.assert(property, RUNS);
  });

  it('[S-2] opens nothing from its expiry on', () => {
    const property = fc.property(anyPass, fc.nat(), (pass, later) => {
      const at = new Date(Math.min(pass.expiresAt.getTime() + later, LAST));
      expect(verifyPass(keyring, signPass(keyring, pass), pass.place, pass.purpose, at)).toBeUndefined();
    });
    fc.assert(property, RUNS);
  });

  it('[S-1] opens nothing with any change, even a second one', () => {
    const property = fc.property(anyPass, anyChange, fc.option(anyChange), (pass, change, another) => {
      const text = signPass(keyring, pass);
      const once = changed(text, change);
      const forged = another ? changed(once, another) : once;
      fc.pre(forged !== text);
      expect(open(forged, pass)).toBeUndefined();
    });
    fc.assert(property, RUNS);
  });

  it('[S-1] opens nothing with a part of another', () => {
    const property = fc.property(anyPass, anyPass, fc.nat({ max: 6 }), (pass, other, part) => {
      const [text, source] = [signPass(keyring, pass), signPass(keyring, other)];
      const forged = text.split('.').with(part, source.split('.')[part]!).join('.');
      fc.pre(forged !== text && forged !== source);
      expect(open(forged, pass)).toBeUndefined();
      expect(open(forged, other)).toBeUndefined();
    });
    fc.assert(property, RUNS);
  });

  it('[S-1] is none of any text', () => {
    const anyShape = textOf('.', '-', '0', 'a', 'A', '_', keyring.current('pass').id, 'A'.repeat(43));
    const property = fc.property(fc.oneof(anyText, anyShape), anyPass, (text, pass) => {
      expect(open(text, pass)).toBeUndefined();
    });
    fc.assert(property, RUNS);
  });

  it('[S-3] opens nothing at any other place, or for any other purpose', () => {
    const anyDoor = fc.record({ place: anyName, purpose: anyName }, { requiredKeys: [] });
    const property = fc.property(anyPass, anyDoor, (pass, door) => {
      fc.pre((door.place ?? pass.place) !== pass.place || (door.purpose ?? pass.purpose) !== pass.purpose);
      expect(open(signPass(keyring, pass), pass, door)).toBeUndefined();
    });
    fc.assert(property, RUNS);
  });

  it('[S-3] opens nothing where the border between place and purpose is elsewhere', () => {
    const property = fc.property(anyPass, anyBorders, (pass, [there, here]) => {
      const text = signPass(keyring, { ...pass, ...there });
      expect(open(text, pass, there)).toBeDefined();
      expect(open(text, pass, here)).toBeUndefined();
    });
    fc.assert(property, RUNS);
  });

  it('[S-1] [S-11] opens nothing under any other secret, even if that takes its key’s name', () => {
    const property = fc.property(anyPass, anyText, (pass, secret) => {
      fc.pre(secret !== SECRET);
      const other = new Keyring([secret]);
      const text = signPass(other, pass);
      expect(open(text, pass, {}, other)).toEqual(pass);
      expect(open(text, pass)).toBeUndefined();
      const renamed = text.split('.').with(0, keyring.current('pass').id).join('.');
      expect(open(renamed, pass)).toBeUndefined();
    });
    fc.assert(property, RUNS);
  });
});
