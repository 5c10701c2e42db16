import { IsIn } from 'class-validator';
import { canonicalUuid } from '../credentials.js';
import { LISTED_STATUSES, type ListedStatus } from '../store/ticket.conditions.js';
import { assertFilter } from './arguments.js';
import { FILTER_NAMES, FilterRules, type TicketFilter } from './filter.input.js';
import { Optional, Rule, WholeNumber } from './rules.js';

/** Most tickets of one page. */
const MAX_LIMIT = 1000;
export const DEFAULT_LIMIT = 100;

/**
 * What {@link TicketService.list} takes. `place`, `purpose`, `subject` and `status` narrow the list; spelled out as
 * `undefined`, they are an error.
 */
export interface ListInput extends TicketFilter {
  /**
   * What `ticket.status()` returns; or `'claimed'`: neither stamped nor released so far; or `'locked'`: not used, with
   * as many wrong guesses at its password or code as the module's `maxAttempts` allows.
   */
  readonly status?: ListedStatus;
  /** The uuid of the last ticket on the page before: the list continues after it. */
  readonly after?: string;
  /**
   * Most tickets to return: 1 to 1000.
   * @default 100
   */
  readonly limit?: number;
}

class ListRules extends FilterRules {
  @Optional()
  @IsIn(LISTED_STATUSES, { message: `$property must be one of ${LISTED_STATUSES.join(', ')}` })
  status: unknown = undefined;

  @Optional()
  @Rule((value) => (canonicalUuid(value) === undefined ? 'must be the uuid of a ticket' : undefined))
  after: unknown = undefined;

  @Optional()
  @WholeNumber(1, MAX_LIMIT)
  limit: unknown = undefined;
}

/** @throws TicketInputError with every problem of the input */
export function assertListInput(input: unknown): asserts input is ListInput {
  assertFilter('list()', input, ListRules, [...FILTER_NAMES, 'status']);
}
