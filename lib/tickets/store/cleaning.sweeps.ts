import { TICKET_END_NAMES, type TicketEnd } from '../ticket.entity.js';
import type { StatementColumn, TicketConditions } from './ticket.conditions.js';

/** One way through the table, by an index, to tickets that are over. */
export interface Sweep {
  readonly by: StatementColumn;
  /** The statuses that tickets on this way have. */
  readonly ends: readonly TicketEnd[];
  /**
   * Whether most rows on this way may be valid tickets. These are deleted by their uuids: MySQL and MariaDB lock all
   * rows of the index that a DELETE passes, and a claim does not wait.
   */
  readonly isSparse: boolean;
  /** Excludes tickets that an earlier sweep has met. */
  readonly where: (conditions: TicketConditions) => readonly string[];
}

const reached = ({ column }: TicketConditions, name: StatementColumn): string => `${column(name)} <= :before`;
const notReached = ({ column, none }: TicketConditions, name: StatementColumn): string =>
  `(${none(name)} OR ${column(name)} > :before)`;
const usedSooner = (conditions: TicketConditions): string[] => [
  reached(conditions, 'usedAt'),
  notReached(conditions, 'expiresAt'),
  notReached(conditions, 'revokedAt'),
];

/**
 * In order; together they meet each ticket once that was over at `:before`. No index has the instant of use (see
 * `TICKET_INDEXES`), and a ticket is used after it was issued: so the last two look at all that were issued by then and
 * have not expired. That is little, unless `:before` is so late that most valid tickets were issued before it.
 */
export const SWEEPS: readonly Sweep[] = [
  {
    by: 'expiresAt',
    ends: ['used', 'revoked', 'expired'],
    isSparse: false,
    where: (on) => [reached(on, 'expiresAt')],
  },
  {
    by: 'revokedAt',
    ends: ['used', 'revoked'],
    isSparse: false,
    where: (on) => [reached(on, 'revokedAt'), notReached(on, 'expiresAt')],
  },
  {
    by: 'createdAt',
    ends: ['used'],
    isSparse: true,
    where: (on) => [reached(on, 'createdAt'), ...usedSooner(on)],
  },
  // Issued by a clock that was ahead, or by somebody else.
  {
    by: 'createdAt',
    ends: ['used'],
    isSparse: true,
    where: (on) => [`${on.column('createdAt')} > :now`, ...usedSooner(on)],
  },
];

/** Of this status, and held by no claim: its stamp would be lost with the row. None holds a used one. */
export const deletable = (end: TicketEnd, { endedIn, unclaimed }: TicketConditions): string =>
  end === 'used' ? endedIn(end) : `${endedIn(end)} AND ${unclaimed()}`;

/** The status of a ticket that is over, as SQL. */
export const endOf = ({ endedIn }: TicketConditions): string =>
  `CASE ${TICKET_END_NAMES.map((end) => `WHEN ${endedIn(end)} THEN '${end}'`).join(' ')} END`;
