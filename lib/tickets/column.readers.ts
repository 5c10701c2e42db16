/** What was read from a column. It has the column's type even when this version cannot read it: a ticket can be shown. */
export interface Read<T> {
  readonly value: T;
  readonly isReadable: boolean;
}

/** The last instant of a `Date`, and less the sign the first, in ms since 1970 (ECMA-262, section 21.4.1.1). */
export const END_OF_DATES = 8.64e15;

// Some drivers and settings of an app's hand over numbers as text, or as bigint.
function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : NaN;
}

/** A whole number within these bounds; 0 in place of any other. */
export const readWholeNumber =
  (least: number, most: number) =>
  (value: unknown): Read<number> => {
    const number = toNumber(value);
    const isReadable = Number.isInteger(number) && number >= least && number <= most;
    return { value: isReadable ? number : 0, isReadable };
  };

/**
 * An instant; in place of one beyond the dates, the last date on its side. What is no number becomes the last one: SQLite
 * sorts text after all numbers, so that the status is the same in its conditions.
 */
export function readInstant(value: unknown): Read<Date> {
  const milliseconds = toNumber(value);
  const isReadable = Number.isInteger(milliseconds) && Math.abs(milliseconds) <= END_OF_DATES;
  const known = Number.isNaN(milliseconds) ? END_OF_DATES : milliseconds;
  return { value: new Date(Math.min(Math.max(known, -END_OF_DATES), END_OF_DATES)), isReadable };
}

/** JSON of any shape; `null` in place of what is none. The parser's error is lost: it quotes the text. */
export function readJson(value: unknown): Read<unknown> {
  try {
    if (typeof value === 'string') return { value: JSON.parse(value) as unknown, isReadable: true };
  } catch {
    // It is no JSON.
  }
  return { value: null, isReadable: false };
}

/** Text that a test accepts; no text in place of any other. */
export const readText =
  (isAccepted: (text: string) => boolean = () => true) =>
  (value: unknown): Read<string> => {
    const isReadable = typeof value === 'string' && isAccepted(value);
    return { value: typeof value === 'string' ? value : '', isReadable };
  };

/** The same for a column that may be NULL. */
export const orNull =
  <T>(read: (value: unknown) => Read<T>) =>
  (value: unknown): Read<T | null> =>
    value === null ? { value, isReadable: true } : read(value);
