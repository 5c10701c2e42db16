import { describe, expect, it } from 'vitest';
import { toDuration } from '../../../lib/tickets/input/duration.js';

describe('A duration', () => {
  it.each<[unknown, number]>([
    [1, 1],
    [1500, 1500],
    [0.6, 1],
    ['1ms', 1],
    ['10s', 10_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['5d', 432_000_000],
    ['2 weeks', 1_209_600_000],
    ['1 minute', 60_000],
    ['1.5h', 5_400_000],
    ['1y', 31_557_600_000],
    [4.32e15, 4.32e15],
  ])('may be %j: %i ms', (value, milliseconds) => {
    expect(toDuration(value)).toBe(milliseconds);
  });

  it.each([
    0,
    -0,
    -1,
    0.4,
    Number.NaN,
    Infinity,
    -Infinity,
    0xf5904616e0000 + 1,
    Number.MAX_VALUE,
    '',
    ' ',
    '5',
    '-5d',
    '0s',
    '0.1ms',
    '5 parsecs',
    'soon',
    'd',
    '5d5h',
    '5d ',
    '1e9d',
    '1e400d',
    '5٥d',
    '99999999y',
    'NaNd',
    'Infinityd',
    `${'1'.repeat(200)}d`,
    '5d\0',
  ])('may not be %j', (value) => {
    expect(toDuration(value)).toBeUndefined();
  });

  it.each([[undefined], [null], [true], [[]], [['5d']], [{}], [5n], [new Date()], [{ valueOf: () => 5 }]])(
    'may not be %o, which is neither number nor text',
    (value) => {
      expect(toDuration(value)).toBeUndefined();
    },
  );
});
