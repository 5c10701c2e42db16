import { describe, expect, it } from 'vitest';
import { codeProblem, codeKindOf, leastLength, makeCode } from '../../../lib/tickets/secrets/secret.js';

const DIGITS = '0123456789'.split('');
/** How often each letter is to come at each place. */
const EXPECTED = 500;
const LETTERS = 'abcdefghjkmnpqrstuvwxyz'.split('');

describe('A code', () => {
  it.each([
    ['digits', /^\d{8}$/],
    ['letters', /^[a-hjkmnp-z]{8}$/],
  ] as const)('[G-10] of %s has exactly as many as are asked for', (alphabet, format) => {
    for (let time = 0; time < 1000; time += 1) expect(makeCode({ alphabet, length: 8 })).toMatch(format);
  });

  it('[G-10] of digits may begin with zeros', () => {
    const codes = Array.from({ length: 1000 }, () => makeCode({ alphabet: 'digits', length: 6 }));
    expect(codes.filter((code) => code.startsWith('0')).length).toBeGreaterThan(0);
  });

  it.each([
    ['digits', DIGITS],
    ['letters', LETTERS],
  ] as const)('[G-10] of %s has each of them as often as any other, at each place', (alphabet, all) => {
    const rounds = EXPECTED * all.length;
    const counts = [0, 1, 2].map(() => new Map<string, number>());
    for (let round = 0; round < rounds; round += 1) {
      const code = makeCode({ alphabet, length: 3 });
      for (const [place, count] of counts.entries())
        count.set(code[place]!, (count.get(code[place]!) ?? 0) + 1);
    }
    for (const count of counts) {
      expect([...count.keys()].toSorted()).toEqual(all);
      // Seven standard deviations: by chance, less than once in ten thousand million runs.
      for (const times of count.values())
        expect(Math.abs(times - EXPECTED)).toBeLessThan(7 * Math.sqrt(EXPECTED));
    }
  });

  it.each([
    [1, 5, 4],
    [5, 6, 5],
    [10, 6, 5],
    [11, 7, 5],
    [100, 7, 6],
    [1000, 8, 6],
  ])('[G-9] that stands %i guesses has at least %i digits or %i letters', (guesses, digits, letters) => {
    expect(leastLength('digits', guesses)).toBe(digits);
    expect(leastLength('letters', guesses)).toBe(letters);
    expect(10 ** digits / guesses).toBeGreaterThanOrEqual(100_000);
    expect(10 ** (digits - 1) / guesses).toBeLessThan(100_000);
    expect(LETTERS.length ** letters / guesses).toBeGreaterThanOrEqual(100_000);
    expect(LETTERS.length ** (letters - 1) / guesses).toBeLessThan(100_000);
  });

  it.each([
    [{ digits: 4 }, 5, '{ digits: 6 }'],
    [{ digits: 6 }, 100, '{ digits: 7 }'],
    [{ letters: 4 }, 5, '{ letters: 5 }'],
  ])(
    '[G-9] that is too short for its guesses, such as %j for %i, gets the length to write',
    (input, guesses, advice) => {
      expect(codeProblem(input, guesses)).toContain(`write ${advice}`);
    },
  );

  it.each([
    {},
    { digits: 8, letters: 8 },
    { digits: 0 },
    { digits: -8 },
    { digits: 65 },
    { digits: 7.5 },
    { digits: Number.NaN },
    { digits: Infinity },
    { digits: '8' },
    { digits: [8] },
    { digits: null },
    { digits: undefined },
    { words: 8 },
    { toString: 8 },
    { Digits: 8 },
    JSON.parse('{ "__proto__": 8 }') as object,
  ])('is not %o', (input) => {
    expect(codeKindOf(input)).toBeUndefined();
    expect(codeProblem(input, 5)).toContain('{ digits: n } or { letters: n }');
  });

  it('may be of digits or of letters, and leave the other undefined', () => {
    expect(codeKindOf({ digits: 8, letters: undefined })).toEqual({ alphabet: 'digits', length: 8 });
    expect(codeKindOf({ letters: 64 })).toEqual({ alphabet: 'letters', length: 64 });
  });
});
