import { TicketInputError } from '../ticket.errors.js';
import { describe, isFunction, Optional, Signal, validate, WholeNumber } from './rules.js';

/** What {@link TicketService.issueMany} takes beside its inputs. */
export interface IssueManyOptions {
  /**
   * Most tickets to write in one statement: 1 to 1000. Fewer are written at once where their `data` is long, since a
   * megabyte of it ends a batch, too, or where an entity of your own has dozens of columns.
   * @default 500
   */
  readonly batchSize?: number;
  /**
   * Aborting it ends the issuing before the next batch is written: the iteration throws its reason. Tickets that were
   * written before stay.
   */
  readonly signal?: AbortSignal;
}

/** A quarter of the rows that a statement has parameters for on SQLite: see `mostRows`. */
const MAX_BATCH = 1000;
export const DEFAULT_BATCH = 500;

class IssueManyRules {
  @Optional()
  @WholeNumber(1, MAX_BATCH)
  batchSize: unknown = undefined;

  @Optional()
  @Signal()
  signal: unknown = undefined;
}

export const isIterable = (value: unknown): boolean => {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(value) as Partial<
    Iterable<unknown> & AsyncIterable<unknown>
  >;
  // Text is iterable, too: by its characters.
  return typeof value === 'object' && (isFunction(sync) || isFunction(async));
};

/** @throws TicketInputError with every problem of the inputs, before any is read, and of the options */
export function assertIssueMany(inputs: unknown, options: unknown): void {
  const problems = validate(options, 'the options', IssueManyRules);
  if (!isIterable(inputs)) {
    const wanted =
      'an iterable or async iterable of inputs, such as an array, a generator or an object stream';
    problems.unshift(`the inputs must be ${wanted}, not ${describe(inputs)}`);
  }
  if (problems.length > 0) throw new TicketInputError('issueMany()', problems);
}
