import { IsInstance } from 'class-validator';
import { assertInput } from './arguments.js';
import { dateProblem, functionProblem, Optional, Rule, WholeNumber } from './rules.js';

/** How many tickets were deleted, by why they were over. */
export interface CleanedCounts {
  readonly used: number;
  readonly revoked: number;
  readonly expired: number;
}

/** What {@link TicketService.clean} takes. */
export interface CleanInput {
  /**
   * Deletes tickets that were over at this instant already; an instant in the future counts as now.
   * @default now
   */
  readonly before?: Date;
  /**
   * Most tickets to delete in one statement, up to 10 000.
   * @default 500
   */
  readonly batchSize?: number;
  /** Ends the cleaning between two batches: the call rejects with its reason. What is deleted stays deleted. */
  readonly signal?: AbortSignal;
  /** Called after each batch with the counts so far, and awaited; what it throws ends the call. */
  readonly onProgress?: (counts: CleanedCounts) => unknown;
}

const MAX_BATCH = 10_000;

class CleanRules {
  @Optional()
  @Rule(dateProblem)
  before: unknown = undefined;

  @Optional()
  @WholeNumber(1, MAX_BATCH)
  batchSize: unknown = undefined;

  @Optional()
  @IsInstance(AbortSignal, { message: '$property must be an AbortSignal' })
  signal: unknown = undefined;

  @Optional()
  @Rule(functionProblem('that takes the counts'))
  onProgress: unknown = undefined;
}

/** @throws TicketInputError with every problem of the input */
export function assertCleanInput(input: unknown): asserts input is CleanInput {
  assertInput('clean()', input, CleanRules);
}
