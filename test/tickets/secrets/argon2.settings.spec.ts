import { describe, expect, it } from 'vitest';
import {
  type Argon2Cost,
  argon2Settings,
  costOf,
  isAffordable,
} from '../../../lib/tickets/secrets/argon2.settings.js';

const DEFAULT_COST = cost(argon2Settings().memoryCost, argon2Settings().timeCost);

function cost(memoryCost: number, timeCost: number, parallelism = 1): Argon2Cost {
  return { memoryCost, timeCost, parallelism };
}
const REST = `$${'A'.repeat(22)}$${'B'.repeat(43)}`;

describe('The cost of a digest', () => {
  it('is what its text says, in either order', () => {
    expect(costOf(`$argon2id$v=19$m=19456,t=2,p=1${REST}`)).toEqual(cost(19_456, 2, 1));
    expect(costOf(`$argon2id$v=19$m=7168,p=3,t=5${REST}`)).toEqual(cost(7168, 5, 3));
  });

  it.each([
    '',
    'garbage',
    `$argon2i$v=19$m=19456,t=2,p=1${REST}`,
    `$argon2id$v=16$m=19456,t=2,p=1${REST}`,
    `$argon2id$v=19$m=,t=2,p=1${REST}`,
    `$argon2id$v=19$m=99999999,t=2,p=1${REST}`,
    `$argon2id$v=19$m=19456,t=2,t=1${REST}`,
    `$argon2id$v=19$m=19456,t=2,p=1$short$${'B'.repeat(43)}`,
    `$argon2id$v=19$m=19456,t=2,p=1${REST}B`,
    ` $argon2id$v=19$m=19456,t=2,p=1${REST}`,
  ])('is none of %j', (digest) => {
    expect(costOf(digest)).toBeUndefined();
  });

  it.each([
    ['as this app’s own', DEFAULT_COST, true],
    ['as libsodium’s MODERATE', cost(262_144, 3), true],
    ['more memory than that', cost(262_145, 1), false],
    ['less memory, and more work', cost(131_072, 7), false],
    ['many passes over little', cost(8, 65), false],
    ['many lanes', cost(19_456, 2, 17), false],
    ['all that argon2 takes', cost(4_194_304, 65_536, 255), false],
  ])('may be %s: %j is %s', (_, stored, affordable) => {
    expect(isAffordable(stored, DEFAULT_COST)).toBe(affordable);
  });

  it('may be as high as this app has set it', () => {
    const own = cost(1_048_576, 80, 20);
    expect(isAffordable(own, own)).toBe(true);
    expect(isAffordable(cost(1_048_577, 1), own)).toBe(false);
  });
});
