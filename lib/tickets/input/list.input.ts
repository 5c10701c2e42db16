import { IsIn } from 'class-validator';
import { canonicalUuid } from '../credentials.js';
import { type OwnFilters, orAll, readFilter } from './read-filter.js';
import { COUNT_NAMES, type CountInput, CountRules } from './count.input.js';
import { Optional, Rule, WholeNumber } from './rules.js';

/** Most tickets of one page. */
const MAX_LIMIT = 1000;
export const DEFAULT_LIMIT = 100;

const ORDERS = ['oldest', 'newest'] as const;
/**
 * By the time of issue: which tickets come first.
 * @useDeclaredType
 */
export type ListOrder = (typeof ORDERS)[number];

/**
 * What {@link TicketService.list} takes. `place`, `purpose`, `subject` and `status` narrow the list; spelled out as
 * `undefined`, they are an error.
 */
export interface ListInput extends CountInput {
  /**
   * Which tickets come first: `'oldest'` or `'newest'`.
   * @default 'oldest'
   */
  readonly order?: ListOrder;
  /** The uuid of the last ticket on the page before: the list continues after it, in the same order. */
  readonly after?: string;
  /**
   * Most tickets to return: 1 to 1000.
   * @default 100
   */
  readonly limit?: number;
}

/** The fields of {@link ListInput} beside those of {@link CountInput}. */
export const PAGE_NAMES: readonly (keyof ListInput)[] = ['order', 'after', 'limit'];

class ListRules extends CountRules {
  @Optional()
  @IsIn(ORDERS, { message: `$property must be one of ${ORDERS.join(', ')}` })
  order: unknown = undefined;

  @Optional()
  @Rule((value) => (canonicalUuid(value) === undefined ? 'must be the uuid of a ticket' : undefined))
  after: unknown = undefined;

  @Optional()
  @WholeNumber(1, MAX_LIMIT)
  limit: unknown = undefined;
}

/**
 * @returns a copy
 * @throws TicketInputError with every problem of the input
 */
export const readListInput = (own: OwnFilters, first?: unknown, second?: unknown): ListInput =>
  readFilter('list()', orAll(first, second), ListRules, COUNT_NAMES, own);
