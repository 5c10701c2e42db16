import fc, { type Arbitrary } from 'fast-check';
import { anyBytes, anyText } from './anything.js';
import type { Garbage } from './ruin.js';

const END_OF_DATES = 8.64e15;

const anyGarbage: Arbitrary<Garbage> = fc.oneof(
  fc.constant(null),
  anyText,
  anyBytes(0, 40),
  fc.double({ noNaN: true }),
  fc.integer(),
);

const anyNumber: Arbitrary<Garbage> = fc.oneof(
  fc.constantFrom(0, 1, -1, 2, 5, 0.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31)),
  fc.constantFrom(END_OF_DATES, END_OF_DATES + 1, -END_OF_DATES, -END_OF_DATES - 1, 9.3e18, -9.3e18),
  fc.constantFrom('9223372036854775807', '-9223372036854775808', '1e9', '0x10', '', ' 1', '1'),
  fc.integer({ min: -1e13, max: 1e13 }),
);

const anyData: Arbitrary<Garbage> = fc.oneof(
  fc.json(),
  fc.json().map((json) => json.slice(0, -1)),
  fc.constantFrom('undefined', 'NaN', "{'a':1}", '[1,]', '{"__proto__":null}', '\ufeff{}', '"\\ud800"'),
);

const anyVerifier: Arbitrary<Garbage> = fc
  .tuple(
    fc.constantFrom(
      'hmac-sha256',
      'argon2id',
      'argon2id.digits-8',
      'argon2id.letters-0',
      'scrypt',
      'hmac-sha512',
      '',
    ),
    fc.constantFrom('AAAAAAAA', '', '$', 'ÄÄÄÄÄÄÄÄ'),
    fc.constantFrom(
      '',
      'A'.repeat(43),
      '$argon2id$v=19$m=8,t=1,p=1$',
      '$argon2id$v=19$m=7168,t=5,p=1$c2FsdHNhbHQ$A',
    ),
  )
  .map((parts) => parts.join('$'));

const LIKELY: Record<string, Arbitrary<Garbage>> = {
  data: anyData,
  verifier: anyVerifier,
  createdAt: anyNumber,
  expiresAt: anyNumber,
  usedAt: anyNumber,
  revokedAt: anyNumber,
  claimedAt: anyNumber,
  generation: anyNumber,
  attempts: anyNumber,
  claimId: anyText,
  place: anyText,
  purpose: anyText,
  subject: anyText,
  uuid: fc.uuid().map((uuid) => uuid.toUpperCase()),
};

/** Something to write into one of the columns: from far off to nearly right. */
export const anyRuin: Arbitrary<[column: string, value: Garbage]> = fc
  .constantFrom(...Object.keys(LIKELY))
  .chain((column) =>
    fc.tuple(
      fc.constant(column),
      fc.oneof({ weight: 3, arbitrary: LIKELY[column]! }, { weight: 1, arbitrary: anyGarbage }),
    ),
  );

type Raw = Record<string, unknown>;

// PostgreSQL's driver hands a bigint over as text; what SQLite keeps as text is no number.
const isInstant = (value: unknown): boolean =>
  /^-?\d+$/.test(String(value)) && Math.abs(Number(value)) <= END_OF_DATES;
const isJson = (value: unknown): boolean => {
  try {
    return typeof value === 'string' && JSON.parse(value) !== undefined;
  } catch {
    return false;
  }
};

/** Whether a ticket may still admit, by what its row says now: written anew here, apart from the library's own reading. */
export function isWhole(was: Raw, is: Raw | undefined): boolean {
  if (!is) return false;
  const { expiresAt, attempts } = is;
  return (
    ['uuid', 'place', 'purpose', 'verifier', 'generation'].every((name) => is[name] === was[name]) &&
    is.usedAt === null &&
    is.revokedAt === null &&
    (is.subject === null || typeof is.subject === 'string') &&
    (is.claimId === null || typeof is.claimId === 'string') &&
    (is.claimedAt === null || isInstant(is.claimedAt)) &&
    isInstant(is.createdAt) &&
    (expiresAt === null || (isInstant(expiresAt) && Number(expiresAt) > Date.now())) &&
    Number.isInteger(attempts) &&
    Number(attempts) >= 0 &&
    isJson(is.data)
  );
}
