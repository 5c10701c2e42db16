import fc, { type Arbitrary } from 'fast-check';

/** How often each property is tried by `npm test`. */
export const RUNS = { numRuns: 1000 };

/** Units of UTF-16 in any order, lone surrogates among them. */
const anyUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
  .map((units) => String.fromCharCode(...units));

export const anyText: Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  anyUnits,
);

/** Text that is mostly made of these pieces: more likely to be nearly right than any text. */
export const textOf = (...pieces: string[]): Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...pieces) }, anyText), { maxLength: 12 })
    .map((parts) => parts.join(''));

/** A place, or a purpose, with whatever could be taken for a border between the two. */
export const anyName = textOf(
  'a',
  'b',
  ':',
  '.',
  '$',
  '|',
  ',',
  '"',
  ' ',
  '0',
  '1',
  '1:a',
  'é',
  'e\u0301',
).filter((name) => name !== '' && name.length <= 100 && name.isWellFormed() && !name.includes('\0'));

export const anyUuid = fc.uuid();

/** What can be a password: well-formed, without NUL, not empty, far shorter than it may be. */
export const anyPassword = textOf(
  'a',
  ' ',
  '+',
  '&',
  '=',
  ':',
  '%',
  '%00',
  '#',
  '?',
  'é',
  'e\u0301',
  '🗼',
).filter((password) => password !== '' && password.isWellFormed() && !password.includes('\0'));

/** Bytes as they are written: at least, or exactly, so many. */
export const anyBytes = (minLength: number, maxLength = minLength): Arbitrary<Buffer> =>
  fc.uint8Array({ minLength, maxLength }).map((bytes) => Buffer.from(bytes));

export const anySecret = anyBytes(32).map((bytes) => `tkt_${bytes.toString('base64url')}`);

/** The same items in any order. */
export const inAnyOrder = <T>(items: readonly T[]): Arbitrary<T[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length });

/** Two doors that are written alike when place and purpose are put together, with the border in different places. */
export const anyBorders = fc
  .tuple(anyName, anyName, fc.nat(), fc.nat())
  .map(([place, purpose, ...borders]) => borders.map((border) => doorOf(place + purpose, border)))
  .filter(([one, other]) => one!.place !== other!.place);

function doorOf(both: string, anywhere: number): { place: string; purpose: string } {
  const border = anywhere % (both.length + 1);
  return { place: both.slice(0, border), purpose: both.slice(border) };
}
