import { orAll, readFilter } from './read-filter.js';
import { ScopeFilterRules, type TicketFilter } from './filter.input.js';
import { dateProblem, functionProblem, Optional, Rule, Signal, WholeNumber } from './rules.js';

/** How many tickets were deleted, by their status. */
export interface CleanedCounts {
  readonly used: number;
  readonly revoked: number;
  readonly expired: number;
  /**
   * How many are over and stay, because rows of the app refer to them or a trigger keeps them; left out when there are
   * none.
   */
  readonly referenced?: number;
}

/** What {@link TicketService.clean} takes. */
export interface CleanInput extends Pick<TicketFilter, 'place' | 'purpose'> {
  /**
   * Only tickets that were over at this instant are deleted; an instant in the future counts as now. Spelled out as
   * `undefined`, it is an error, as `place` and `purpose` are.
   * @default as long ago as the module's `cleaning.keep` says: 30 days
   */
  readonly before?: Date;
  /**
   * Most tickets to delete in one statement: 1 to 10 000.
   * @default the module's `cleaning.batchSize`: 500
   */
  readonly batchSize?: number;
  /** Aborting it ends the cleaning before the next batch: the call rejects with its reason. Deleted tickets stay so. */
  readonly signal?: AbortSignal;
  /** Called after each batch with the counts so far, and awaited; the call rejects with what it throws. */
  readonly onProgress?: (counts: CleanedCounts) => unknown;
}

export const MAX_CLEANING_BATCH = 10_000;

class CleanRules extends ScopeFilterRules {
  @Optional()
  @Rule(dateProblem)
  before: unknown = undefined;

  @Optional()
  @WholeNumber(1, MAX_CLEANING_BATCH)
  batchSize: unknown = undefined;

  @Optional()
  @Signal()
  signal: unknown = undefined;

  @Optional()
  @Rule(functionProblem('that takes the counts'))
  onProgress: unknown = undefined;
}

/**
 * @returns a copy
 * @throws TicketInputError with every problem of the input
 */
export const readCleanInput = (first?: unknown, second?: unknown): CleanInput =>
  readFilter('clean()', orAll(first, second), CleanRules, ['before', 'place', 'purpose']);
