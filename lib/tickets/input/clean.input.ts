import { countProblem, dateProblem, validate, Optional, Rule } from './rules.js';
import { TicketInputError } from '../ticket.errors.js';

/** How many tickets were deleted, by why they were over. */
export interface CleanedCounts {
  readonly used: number;
  readonly revoked: number;
  readonly expired: number;
}

/** What {@link TicketService.clean} takes. */
export interface CleanInput {
  /**
   * Deletes what was over at this instant already; in the future, it is as now.
   * @default now
   */
  readonly before?: Date;
  /**
   * Most tickets to delete in one statement, up to 10 000.
   * @default 500
   */
  readonly batchSize?: number;
  /** Ends the cleaning between two batches: the call then rejects with its reason. What is deleted stays deleted. */
  readonly signal?: AbortSignal;
  /** Is told, after each batch, how many were deleted so far, and waited for; where it fails, so does the call. */
  readonly onProgress?: (counts: CleanedCounts) => unknown;
}

const LARGEST_BATCH = 10_000;

class CleanRules {
  @Optional()
  @Rule(dateProblem)
  before: unknown = undefined;

  @Optional()
  @Rule(countProblem(LARGEST_BATCH))
  batchSize: unknown = undefined;

  @Optional()
  @Rule((value) => (value instanceof AbortSignal ? undefined : 'must be an AbortSignal'))
  signal: unknown = undefined;

  @Optional()
  @Rule((value) => (typeof value === 'function' ? undefined : 'must be a function that takes the counts'))
  onProgress: unknown = undefined;
}

/** @throws TicketInputError with every fault of the input */
export function assertCleanInput(input: unknown): asserts input is CleanInput {
  const faults = validate(CleanRules, input, 'the input');
  if (faults.length > 0) throw new TicketInputError('clean()', faults);
}
