import type { TicketStatus } from '../ticket.entity.js';
import type { TicketConditions } from './ticket.conditions.js';

/** What tickets can be listed by; `claimed` and `locked` go across the others. */
export type ListedStatus = TicketStatus | 'claimed' | 'locked';

/** Each status as a condition on `:now` and `:most` guesses: what {@link Ticket.status} says, asked of the database. */
export function statusConditions({
  column,
  none,
  some,
  valid,
  guessable,
}: TicketConditions): Record<ListedStatus, string> {
  return {
    used: some('usedAt'),
    revoked: `${none('usedAt')} AND ${some('revokedAt')}`,
    expired: `${none('usedAt')} AND ${none('revokedAt')} AND ${column('expiresAt')} <= :now`,
    valid: valid(),
    claimed: `${some('claimId')} AND ${none('usedAt')}`,
    locked: `${guessable()} AND ${column('attempts')} >= :most AND ${none('usedAt')}`,
  };
}

export const LISTED_STATUSES: readonly ListedStatus[] = [
  'used',
  'revoked',
  'expired',
  'valid',
  'claimed',
  'locked',
];
