import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestedScope } from '../../lib/invitations/place.js';

/** The place that a route's parameters fill; `undefined` where no ticket can be for it. */
const placeOf = (place: string, params: Record<string, string>): string | undefined =>
  requestedScope({ place, purpose: 'download' }, { params })?.place;

/** Values as a route can decode them, those that would like to be more than a value among them. */
const value = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('/', ':', '%', '2', 'F', '3', 'A', '.', 'a'),
    minLength: 1,
    maxLength: 8,
  }),
);

describe("Any values of a route's parameters", () => {
  it('[S-3] fill a place that no other values fill', () => {
    fc.assert(
      fc.property(value, value, value, value, (a, b, c, d) => {
        const [one, other] = [
          placeOf('report/:id/as/:format', { id: a, format: b }),
          placeOf('report/:id/as/:format', { id: c, format: d }),
        ];
        expect(one !== undefined && one === other).toBe(one !== undefined && a === c && b === d);
      }),
      { numRuns: 2000 },
    );
  });

  it('[S-3] never fill the place of another pattern, nor one with as many segments more', () => {
    fc.assert(
      fc.property(value, (id) => {
        const place = placeOf('report/:id', { id });
        if (place === undefined) return;
        expect(place.split('/')).toHaveLength(2);
        expect(place).not.toContain(':');
        expect(decodeURIComponent(place.slice('report/'.length))).toBe(id);
      }),
      { numRuns: 2000 },
    );
  });
});
