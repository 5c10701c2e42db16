import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { describe } from './rules.js';

/** The least and the most whole number of so many bits. */
function bounds(bits: number, unsigned: boolean): readonly [least: bigint, most: bigint] {
  const size = 2n ** BigInt(bits);
  return unsigned ? [0n, size - 1n] : [-size / 2n, size / 2n - 1n];
}

/** What is wrong with a whole number of so many bits, up to those that JavaScript's numbers hold exactly. */
export function wholeProblem(value: unknown, bits: number, { unsigned }: ColumnMetadata): string | undefined {
  const [least, most] = bounds(bits, unsigned);
  const isFine = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  return isFine ? undefined : `must be a whole number from ${least} to ${most}`;
}

/** The same for 64 bits. */
export function bigintProblem(value: unknown, { unsigned }: ColumnMetadata): string | undefined {
  const [least, most] = bounds(64, unsigned);
  const isFine = isWhole(value) && BigInt(value) >= least && BigInt(value) <= most;
  const as = 'as a number that JavaScript holds exactly, a bigint, or a string of digits';
  return isFine ? undefined : `must be a whole number from ${least} to ${most}, ${as}`;
}

const isWhole = (value: unknown): value is number | bigint | string =>
  Number.isSafeInteger(value) ||
  typeof value === 'bigint' ||
  // Leading zeros say nothing, and BigInt() would read any number of them.
  (typeof value === 'string' && /^-?\d{1,20}$/.test(value));

/** What is wrong with a number that has digits after its point. */
export const numberProblem = (value: unknown): string | undefined =>
  isFinite(value) ? undefined : `must be a finite number, not ${describe(value)}`;

/** The same for a column of 32 bits. */
export function singleProblem(value: unknown): string | undefined {
  if (!isFinite(value)) return numberProblem(value);
  const held = Math.fround(value);
  const isHeld = Number.isFinite(held) && (held !== 0 || value === 0);
  return isHeld ? undefined : 'must be a number that 32 bits hold: a column of double precision holds others';
}

const isFinite = (value: unknown): value is number => Number.isFinite(value);

/** What is wrong with a decimal number; `defaults` are those of the database. */
export function decimalProblem(
  value: unknown,
  { precision, scale }: Pick<ColumnMetadata, 'precision' | 'scale'>,
  defaults?: { readonly precision?: number | undefined },
): string | undefined {
  const digits = digitsOf(value);
  if (!digits) return `must be a finite number, or its digits as a string, not ${describe(value)}`;
  const all = precision ?? defaults?.precision;
  if (all === undefined) return undefined;
  const after = scale ?? 0;
  const isHeld = digits.before.length <= all - after && digits.after.length <= after;
  return isHeld
    ? undefined
    : `must be a number of at most ${all - after} digits before the point and ${after} after it`;
}

/** Those that count: no zeros at either end. */
function digitsOf(value: unknown): { before: string; after: string } | undefined {
  const written = isFinite(value) ? inDigits(value) : value;
  const [, before, after = ''] =
    (typeof written === 'string' && /^-?(\d{1,309})(?:\.(\d{1,30}))?$/.exec(written)) || [];
  if (before === undefined) return undefined;
  return { before: before.replace(/^0+/, ''), after: after.replace(/0+$/, '') };
}

/** Without an exponent. */
function inDigits(value: number): string {
  const short = String(value);
  if (!short.includes('e')) return short;
  return Number.isInteger(value) ? String(BigInt(value)) : value.toFixed(20);
}
