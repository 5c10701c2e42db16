import { IsArray, IsIn, IsInt } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { passesQuickly } from '../../../lib/tickets/input/quick-check.js';
import { Optional, Rule, validate } from '../../../lib/tickets/input/rules.js';

class Visit {
  @Rule((value) => (typeof value === 'string' ? undefined : 'must be a string'))
  place: unknown = undefined;

  @Optional()
  @IsIn(['morning', 'evening'])
  when: unknown = undefined;
}

class Tour extends Visit {
  @Optional()
  @IsInt()
  @Rule((value) => (value === 7 ? 'must not be 7' : undefined))
  rooms: unknown = undefined;
}

class Guests {
  @IsArray()
  @IsIn(['Léonard'], { each: true })
  names: unknown = undefined;
}

class Nothing {
  nothing: unknown = undefined;
}

class Options {
  @IsInt()
  rooms: unknown = 3;
}

describe('A quick check', () => {
  it.each([
    [{ place: 'louvre' }, true],
    [{ place: 'louvre', when: undefined }, true],
    [{ place: 'louvre', when: 'evening', rooms: 6 }, true],
    [{ place: 'louvre', when: null }, false],
    [{ place: 'louvre', rooms: 7 }, false],
    [{ place: 'louvre', rooms: 6.5 }, false],
    [{ place: 'louvre', [Symbol('place')]: 1 }, false],
    [{ place: 'louvre', constructor: 1 }, false],
    [{ when: 'evening' }, false],
    [Object.assign(Object.create(null), { place: 'louvre' }), true],
  ])('of %o says %s', (input, passes) => {
    expect(passesQuickly(input as object, Tour)).toBe(passes);
    expect(validate(input, 'the input', Tour).length === 0).toBe(passes);
  });

  it('agrees with class-validator', () => {
    const anything = fc.record(
      {
        place: fc.constantFrom('louvre', 1, null, undefined),
        when: fc.constantFrom('morning', 'noon', undefined),
        rooms: fc.constantFrom(6, 7, 6.5, undefined),
        door: fc.constant(1),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anything, (input) => {
        // With two classes there is no quick check.
        const isFine = validate(input, 'the input', Tour, Nothing).length === 0;
        expect(passesQuickly(input, Tour)).toBe(isFine);
      }),
    );
  });

  it.each([
    ['a rule for each element', Guests, { names: ['Léonard'] }],
    ['a default', Options, { rooms: 4 }],
  ])('leaves %s to class-validator', (_, rules, input) => {
    expect(passesQuickly(input, rules)).toBe(false);
    expect(validate(input, 'the input', rules)).toEqual([]);
  });

  it('is not passed by the promise of a rule', () => {
    const late = vi.fn(() => Promise.resolve(undefined) as never);
    class Late {
      @Rule(late)
      place: unknown = undefined;
    }
    expect(passesQuickly({ place: 'louvre' }, Late)).toBe(false);
    expect(late).toHaveBeenCalled();
  });
});
