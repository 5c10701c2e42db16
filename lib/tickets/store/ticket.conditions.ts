import type { DataSource } from 'typeorm';
import { escapedPath, isMySql, RowLock } from '../../database/dialect.js';
import { END_OF_DATES } from '../column.readers.js';
import { FILTER_NAMES, type TicketFilter } from '../input/filter.input.js';
import { subjectText } from '../input/subject.rule.js';
import { GUESSABLE_SCHEME } from '../secrets/verifier.js';
import { TICKET_END_NAMES, TICKET_ENDS, type TicketEnd, type TicketStatus } from '../ticket.entity.js';
import { mappingOf } from './ticket.mapping.js';

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
  | 'createdAt'
  | 'expiresAt'
  | 'usedAt'
  | 'revokedAt';

export const LISTED_STATUSES = [...TICKET_END_NAMES, 'valid', 'claimed', 'locked'] as ListedStatus[];
/** What tickets can be listed by; `claimed` and `locked` overlap with the others. */
export type ListedStatus = TicketStatus | 'claimed' | 'locked';

/** The conditions that statements are made of, as SQL for a query builder: `:name` is a parameter. */
export interface TicketConditions {
  readonly column: (name: StatementColumn) => string;
  readonly same: (name: StatementColumn) => string;
  /** The same text byte for byte, on every database. */
  readonly exactly: (name: StatementColumn) => string;
  readonly none: (name: StatementColumn) => string;
  readonly some: (name: StatementColumn) => string;
  /** The ticket `:uuid`; while a transaction holds its row, it counts as gone. */
  readonly sameUntaken: () => string;
  /** `status()` as a condition, at `:now`; `locked` reads `:most`, the guesses that are allowed. */
  readonly hasStatus: (status: ListedStatus) => string;
  /** Neither used nor revoked; or revoked at `:now` where `:again` is 1: by an earlier try, whose answer was lost. */
  readonly revocable: () => string;
  /** Over in this way, if it is over; `expired` reads no clock. */
  readonly endedIn: (end: TicketEnd) => string;
  /** No claim holds it: there is none, or it was abandoned at `:abandoned` or before; one without an instant holds. */
  readonly unclaimed: () => string;
  /** Its secret is a password or a code, which a stranger can guess. */
  readonly guessable: () => string;
  /** Of a ticket that is not used: it is not `locked`. One without a verifier is not. */
  readonly unlocked: () => string;
}

export function ticketConditions(dataSource: DataSource): TicketConditions {
  const builder = dataSource.createQueryBuilder();
  const column = (name: StatementColumn): string => builder.escape(name);
  const same = (name: StatementColumn): string => `${column(name)} = :${name}`;
  const none = (name: StatementColumn): string => `${column(name)} IS NULL`;
  const some = (name: StatementColumn): string => `${column(name)} IS NOT NULL`;
  const guessable = (): string => `${column('verifier')} LIKE '${GUESSABLE_SCHEME}%'`;
  const table = escapedPath(mappingOf(dataSource).tablePath, dataSource);

  /** Not over in one of the ways that come before this one. */
  const notBefore = (end: TicketEnd): string[] =>
    TICKET_END_NAMES.slice(0, TICKET_END_NAMES.indexOf(end)).map((earlier) => none(TICKET_ENDS[earlier]));
  const over = (end: TicketEnd, reached: string): string => [...notBefore(end), reached].join(' AND ');
  const expiresAt = column(TICKET_ENDS.expired);
  const statuses: Record<ListedStatus, string> = {
    used: over('used', some(TICKET_ENDS.used)),
    revoked: over('revoked', some(TICKET_ENDS.revoked)),
    expired: over('expired', `${expiresAt} <= :now`),
    valid: over('expired', `(${none(TICKET_ENDS.expired)} OR ${expiresAt} > :now)`),
    claimed: `${some('claimId')} AND ${none('usedAt')}`,
    // The index has only rows with guesses, and the databases do not know that `:most` is at least 1.
    locked: `${column('attempts')} > 0 AND ${column('attempts')} >= :most AND ${guessable()} AND ${none('usedAt')}`,
  };
  return {
    column,
    same,
    // The collations that MySQL and MariaDB share ignore trailing spaces: 'louvre ' would be 'louvre'.
    exactly: (name) =>
      isMySql(dataSource)
        ? `${same(name)} AND CHAR_LENGTH(${column(name)}) = CHAR_LENGTH(:${name})`
        : same(name),
    none,
    some,
    sameUntaken: () => new RowLock(dataSource).named(column('uuid'), ':uuid', table),
    hasStatus: (status) => statuses[status],
    revocable: () =>
      `((${none('usedAt')} AND ${none('revokedAt')}) OR (${column('revokedAt')} = :now AND :again = 1))`,
    endedIn: (end) => over(end, some(TICKET_ENDS[end])),
    // An instant before all dates is none: such a claim is never abandoned.
    unclaimed: () => `(${none('claimId')} OR ${column('claimedAt')} BETWEEN ${-END_OF_DATES} AND :abandoned)`,
    guessable,
    unlocked: () => `(${column('attempts')} < :most OR ${none('verifier')} OR NOT ${guessable()})`,
  };
}

const namesIn = (filter: TicketFilter) => FILTER_NAMES.filter((name) => filter[name] !== undefined);

/** The conditions for the tickets of a filter, to be joined by AND; none where it is empty. An index serves each. */
export const filterConditions = (filter: TicketFilter, dataSource: DataSource): string[] =>
  namesIn(filter).map(ticketConditions(dataSource).exactly);

/** The values of the parameters in {@link filterConditions}. */
export const filterParameters = (filter: TicketFilter): Record<string, string> =>
  Object.fromEntries(namesIn(filter).map((name) => [name, subjectText(filter[name]!)]));

/** The condition for the tickets of any one of these statuses, with the parameters of `hasStatus`. */
export function statusCondition(
  statuses: ListedStatus | readonly ListedStatus[],
  dataSource: DataSource,
): string {
  const { hasStatus } = ticketConditions(dataSource);
  const each = [...new Set([statuses].flat())].map((status) => `(${hasStatus(status)})`);
  return `(${each.join(' OR ')})`;
}
