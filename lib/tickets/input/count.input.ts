import { LISTED_STATUSES, type ListedStatus } from '../store/ticket.conditions.js';
import { type OwnFilters, orAll, readFilter } from './read-filter.js';
import { FILTER_NAMES, FilterRules, type TicketFilter } from './filter.input.js';
import { Optional, Rule } from './rules.js';

/** What {@link TicketService.count} takes: which tickets to count. Spelled out as `undefined`, a field is an error. */
export interface CountInput extends TicketFilter {
  /**
   * What `ticket.status()` returns; or `'claimed'`: neither stamped nor released so far; or `'locked'`: not used, with
   * as many wrong guesses at its password or code as the module's `maxAttempts` allows. A list: any one of these.
   */
  readonly status?: ListedStatus | readonly ListedStatus[];
}

/** The fields of {@link CountInput}. */
export const COUNT_NAMES: readonly (keyof CountInput)[] = [...FILTER_NAMES, 'status'];

/** The rules of {@link CountInput}; an input with more fields extends them. */
export class CountRules extends FilterRules {
  @Optional()
  @Rule(statusProblem)
  status: unknown = undefined;
}

function statusProblem(value: unknown): string | undefined {
  // Not `every` on the list itself: it skips what a sparse one lacks.
  const statuses: unknown[] = Array.isArray(value) ? [...(value as unknown[])] : [value];
  const isKnown =
    statuses.length > 0 && statuses.every((status) => LISTED_STATUSES.includes(status as never));
  return isKnown ? undefined : `must be one of ${LISTED_STATUSES.join(', ')}, or a list of some of them`;
}

/**
 * @returns a copy
 * @throws TicketInputError with every problem of the input
 */
export const readCountInput = (own: OwnFilters, first?: unknown, second?: unknown): CountInput =>
  readFilter('count()', orAll(first, second), CountRules, COUNT_NAMES, own);
