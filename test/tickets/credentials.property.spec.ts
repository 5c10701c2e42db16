import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPassword, canonicalUuid, readCredentials } from '../../lib/tickets/credentials.js';
import { anyText, anyUuid, inAnyOrder, RUNS, textOf } from '../support/anything.js';
import { anyChange, changed } from '../support/change.js';

const CANONICAL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A uuid, spelled as it may be: each letter in either case, with hyphens or without. */
const anySpelling = fc
  .record({ uuid: anyUuid, hyphens: fc.boolean(), capitals: fc.array(fc.boolean(), { minLength: 1 }) })
  .map(({ uuid, hyphens, capitals }) => {
    const spelled = uuid
      .split('')
      .map((digit, at) => (capitals[at % capitals.length] ? digit.toUpperCase() : digit));
    return { uuid, spelling: spelled.filter((digit) => hyphens || digit !== '-').join('') };
  });

const anyNearSpelling = fc
  .tuple(anySpelling, anyChange)
  .map(([{ spelling }, change]) => changed(spelling, change));

/** Letters of which some have two forms, so often that the longest password is near. */
const anyLongText = fc
  .tuple(
    textOf('é', '\u0390', '\u1f82', '한', 'e\u0301', '\u0344', '\u212b', '🗼', 'x'),
    fc.nat({ max: 1100 }),
  )
  .map(([text, times]) => text.repeat(times).slice(0, 3300));

describe('A canonical uuid', () => {
  it('[C-5] is one for every spelling', () => {
    const property = fc.property(anySpelling, ({ uuid, spelling }) => {
      expect(canonicalUuid(spelling)).toBe(uuid);
    });
    fc.assert(property, RUNS);
  });

  it('[C-5] is made of nothing but the same digits in lower case, whatever the text', () => {
    const property = fc.property(fc.oneof(anyText, anyNearSpelling), (text) => {
      const uuid = canonicalUuid(text);
      if (uuid === undefined) return;
      expect(uuid).toMatch(CANONICAL);
      expect(uuid.replaceAll('-', '')).toBe(text.replaceAll('-', '').toLowerCase());
      expect(canonicalUuid(uuid)).toBe(uuid);
    });
    fc.assert(property, RUNS);
  });
});

describe('A canonical password', () => {
  it('[C-6] [C-4] is composed, well-formed, no longer than 1024 bytes, and its own, whatever the text', () => {
    const property = fc.property(fc.oneof(anyText, anyLongText), (text) => {
      const password = canonicalPassword(text);
      const isLegal = text !== '' && text.isWellFormed() && !text.includes('\0');
      const isShort = Buffer.byteLength(text.normalize('NFC')) <= 1024;
      expect(password).toBe(isLegal && isShort ? text.normalize('NFC').replaceAll('+', ' ') : undefined);
      if (password !== undefined) expect(canonicalPassword(password)).toBe(password);
    });
    fc.assert(property, RUNS);
  });

  it('[C-6] is the same for a text composed and decomposed', () => {
    const property = fc.property(fc.oneof(anyText, anyLongText), (text) => {
      expect(canonicalPassword(text.normalize('NFD'))).toBe(canonicalPassword(text.normalize('NFC')));
    });
    fc.assert(property, RUNS);
  });
});

describe('What is read of anything', () => {
  const anyField = fc.oneof(
    anySpelling.map(({ spelling }) => spelling),
    anyText,
    fc.anything(),
  );
  const anyFields = fc
    .record({ uuid: anyField, password: anyField, other: fc.anything() }, { requiredKeys: [] })
    .chain((fields) => inAnyOrder(Object.entries(fields)))
    .map((entries) => Object.fromEntries(entries) as unknown);

  it('[C-2] is nothing, or a canonical pair', () => {
    const property = fc.property(fc.oneof(anyFields, fc.anything()), (shown) => {
      const read = readCredentials(shown);
      if (read === undefined) return;
      expect(read.uuid).toMatch(CANONICAL);
      const { uuid, password } = shown as Record<string, string>;
      expect(read).toEqual({ uuid: canonicalUuid(uuid), password: canonicalPassword(password) });
      expect(readCredentials(read)).toEqual(read);
    });
    fc.assert(property, RUNS);
  });
});
