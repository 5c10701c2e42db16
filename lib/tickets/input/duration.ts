import ms from 'ms';

/** @inline */
type Unit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w' | 'y';
/** @inline */
type LongUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'year';

/** A length of time: milliseconds, or a number with a unit (`'15m'`, `'24h'`, `'5d'`, `'2 weeks'`). */
export type Duration = number | `${number}${Unit}` | `${number} ${Unit | LongUnit | `${LongUnit}s`}`;

/** In ms; half of what ECMAScript's dates reach (ECMA-262, section 21.4.1.1): can be added to any date until 138 000. */
const LONGEST = 8.64e15 / 2;

/**
 * A duration in milliseconds; `undefined` for anything else: zero, negative, not finite, a string without a unit, or
 * beyond the end of dates.
 */
export function toDuration(value: unknown): number | undefined {
  const milliseconds = typeof value === 'string' ? parse(value) : value;
  if (typeof milliseconds !== 'number' || !Number.isFinite(milliseconds)) return undefined;
  const whole = Math.round(milliseconds);
  return whole > 0 && whole <= LONGEST ? whole : undefined;
}

/** The text that was read last: a million tickets have the same one. */
let last: { readonly text: string; readonly milliseconds: number | undefined } | undefined;

function parse(text: string): number | undefined {
  // ms throws on more than 100 characters, and reads a bare number as milliseconds.
  if (text.length > 100) return undefined;
  if (last?.text !== text)
    last = { text, milliseconds: /[a-z]\s*$/i.test(text) ? ms(text as `${number}ms`) : undefined };
  return last.milliseconds;
}

/** What is wrong with a length of time that may be `null`, and what to write; nothing when it is fine. */
export const durationProblem =
  (meaningOfNull: string) =>
  (value: unknown): string | undefined => {
    if (value === null || toDuration(value) !== undefined) return undefined;
    return `must be a positive number of milliseconds, a text such as '24h' or '5d', or null for ${meaningOfNull}`;
  };

/** The instant that is a duration after `start`; `null`, which never comes, for `null`. */
export const instantAfter = (start: Date, duration: Duration | null): Date | null =>
  duration === null ? null : new Date(start.getTime() + toDuration(duration)!);
