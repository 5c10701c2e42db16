import type { DataSource } from 'typeorm';
import { isMySql, RowLock } from '../../database/dialect.js';
import { GUESSABLE_SCHEME } from '../secrets/verifier.js';
import { Ticket, type TicketStatus } from '../ticket.entity.js';

/** The columns that statements name; the entity spells them out, so that these are their names on every database. */
export type StatementColumn =
  | 'uuid'
  | 'place'
  | 'purpose'
  | 'subject'
  | 'verifier'
  | 'generation'
  | 'attempts'
  | 'claimId'
  | 'claimedAt'
  | 'expiresAt'
  | 'usedAt'
  | 'revokedAt';

/** The conditions of which statements are made, as SQL for a query builder: `:name` is a parameter. */
export interface TicketConditions {
  readonly column: (name: StatementColumn) => string;
  readonly same: (name: StatementColumn) => string;
  /** The same text byte for byte, on every database. */
  readonly exactly: (name: StatementColumn) => string;
  readonly none: (name: StatementColumn) => string;
  readonly some: (name: StatementColumn) => string;
  /** The ticket `:uuid`, unless a transaction holds its row: it counts as gone, then. */
  readonly sameUntaken: () => string;
  /** Unused, unrevoked, unexpired at `:now`. */
  readonly valid: () => string;
  /** No claim holds it: none ever did, or it was abandoned at `:abandoned` or before. */
  readonly unclaimed: () => string;
  /** Its secret is one that a human can remember, and so a stranger guess. */
  readonly guessable: () => string;
}

export function ticketConditions(dataSource: DataSource): TicketConditions {
  const builder = dataSource.createQueryBuilder();
  const column = (name: StatementColumn): string => builder.escape(name);
  const same = (name: StatementColumn): string => `${column(name)} = :${name}`;
  const none = (name: StatementColumn): string => `${column(name)} IS NULL`;
  const table = dataSource
    .getMetadata(Ticket)
    .tablePath.split('.')
    .map((part) => builder.escape(part))
    .join('.');
  return {
    column,
    same,
    // The collations that MySQL and MariaDB share ignore trailing spaces: 'louvre ' would be 'louvre'.
    exactly: (name) =>
      isMySql(dataSource)
        ? `${same(name)} AND CHAR_LENGTH(${column(name)}) = CHAR_LENGTH(:${name})`
        : same(name),
    none,
    some: (name) => `${column(name)} IS NOT NULL`,
    sameUntaken: () => new RowLock(dataSource).named(column('uuid'), ':uuid', table),
    valid: () =>
      `${none('usedAt')} AND ${none('revokedAt')} AND (${none('expiresAt')} OR ${column('expiresAt')} > :now)`,
    unclaimed: () => `(${none('claimId')} OR ${column('claimedAt')} <= :abandoned)`,
    guessable: () => `${column('verifier')} LIKE '${GUESSABLE_SCHEME}%'`,
  };
}

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
