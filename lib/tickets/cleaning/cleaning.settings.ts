import { MAX_CLEANING_BATCH } from '../input/clean.input.js';
import { type Duration, durationProblem, toDuration } from '../input/duration.js';
import { describe, isPlainObject, quote, withoutUndefined } from '../input/rules.js';

/** The option `cleaning`. */
export interface CleaningOptions {
  /**
   * How often each process deletes tickets that have been over for `keep`: in ms, or text such as `'1h'`, at least a
   * second; `null`: never, the app calls `clean()`.
   */
  readonly every: Duration | null;
  /** How long tickets that are over stay, for the guest who asks why; in ms, or text; 0: not at all. */
  readonly keep: Duration;
  /** Most tickets to delete in one statement: 1 to 10 000. */
  readonly batchSize: number;
}

export const CLEANING_DEFAULTS = {
  every: null,
  keep: '30d',
  batchSize: 500,
} as const satisfies CleaningOptions;

/** The option `cleaning` with its defaults; durations in ms. */
export function cleaningSettings(given: Partial<CleaningOptions>) {
  const { every, keep, batchSize } = {
    ...(CLEANING_DEFAULTS as CleaningOptions),
    ...withoutUndefined(given),
  };
  return { every: every === null ? null : toDuration(every)!, keep: toDuration(keep) ?? 0, batchSize };
}

/** In ms. More often, cleaning would be a load of its own. */
const MOST_OFTEN = 1000;

const RULES: Record<keyof CleaningOptions, (value: unknown) => string | undefined> = {
  every: (value) =>
    durationProblem('never')(value) ??
    (value !== null && toDuration(value)! < MOST_OFTEN ? `must be at least ${MOST_OFTEN} ms` : undefined),
  keep: (value) =>
    value === 0 || toDuration(value) !== undefined
      ? undefined
      : "must be 0, a positive number of milliseconds, or a text such as '30d'",
  batchSize: (value) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_CLEANING_BATCH
      ? undefined
      : `must be a whole number from 1 to ${MAX_CLEANING_BATCH}`,
};

/** What is wrong with the option `cleaning`, and what to write; nothing when it is fine. */
export function cleaningProblem(value: unknown): string | undefined {
  const wanted = "must be { every: '1h', keep: '30d', batchSize: 500 }, or some of these";
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  for (const [name, setting] of Object.entries(withoutUndefined(value))) {
    if (!Object.hasOwn(RULES, name)) return `has no setting ${quote(name)}: it ${wanted}`;
    const problem = RULES[name as keyof CleaningOptions](setting);
    if (problem !== undefined) return `has a setting ${name} that ${problem}`;
  }
  return undefined;
}
