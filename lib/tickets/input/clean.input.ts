import { IsInstance } from 'class-validator';
import { assertFilter } from './arguments.js';
import { dateProblem, functionProblem, Optional, Rule, WholeNumber } from './rules.js';

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
export interface CleanInput {
  /**
   * Only tickets that were over at this instant are deleted; an instant in the future counts as now. Spelled out as
   * `undefined`, it is an error.
   * @default now
   */
  readonly before?: Date;
  /**
   * Most tickets to delete in one statement: 1 to 10 000.
   * @default 500
   */
  readonly batchSize?: number;
  /** Aborting it ends the cleaning before the next batch: the call rejects with its reason. Deleted tickets stay so. */
  readonly signal?: AbortSignal;
  /** Called after each batch with the counts so far, and awaited; the call rejects with what it throws. */
  readonly onProgress?: (counts: CleanedCounts) => unknown;
}

const MAX_BATCH = 10_000;
export const DEFAULT_BATCH = 500;

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
  assertFilter('clean()', input, CleanRules, ['before']);
}
