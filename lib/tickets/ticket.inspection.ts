import { isGuessable } from './secrets/verifier.js';
import type { TicketWith } from './own-columns.types.js';
import { ticketOf, type TicketRow } from './store/ticket.row.js';
import type { Ticket, TicketStatus } from './ticket.entity.js';
import type { TicketSettings } from './ticket.settings.js';

/** What its operators may know of a ticket; nothing in it opens anything. */
export interface TicketInspection<T = unknown, E extends Ticket = Ticket> {
  /** As `find()` returns it. */
  readonly ticket: TicketWith<E, T>;
  /** By the clock of the ticket office. */
  readonly status: TicketStatus;
  /** Since when a claim holds the ticket; `null`: none does, since it was released, stamped or never claimed. */
  readonly claimedAt: Date | null;
  /** How many guesses at its password or code were wrong so far, or are being checked. */
  readonly attempts: number;
  /** How many more may be wrong; `null` for a generated secret, at which nobody guesses. */
  readonly attemptsLeft: number | null;
  /** Whether it opens no more, even with the right password or code. A pass that was granted before still does. */
  readonly locked: boolean;
}

/** `list({ status: 'locked' })` for a row that has been read. */
export const isLocked = (row: TicketRow, { maxAttempts }: Pick<TicketSettings, 'maxAttempts'>): boolean =>
  row.usedAt === null && isGuessable(row.verifier) && row.attempts >= maxAttempts;

export function inspectionOf<T>(row: TicketRow, settings: TicketSettings): TicketInspection<T> {
  const ticket = ticketOf<T>(row);
  const { attempts, claimId, claimedAt, usedAt, verifier } = row;
  return {
    ticket,
    status: ticket.status(settings.now()),
    claimedAt: claimId !== null && usedAt === null ? claimedAt : null,
    attempts,
    attemptsLeft: isGuessable(verifier) ? Math.max(0, settings.maxAttempts - attempts) : null,
    locked: isLocked(row, settings),
  };
}
