import type { TicketInspection } from 'nestjs-ticketoffice';

/** What may keep a ticket from working, and the ticket itself does not show. */
export interface TicketBlock {
  /** A claim holds it. */
  readonly isInUse: boolean;
  /** It has had too many wrong guesses. */
  readonly isLocked: boolean;
}

export const NO_BLOCK: TicketBlock = { isInUse: false, isLocked: false };

export const blockOf = ({ claimedAt, locked }: TicketInspection): TicketBlock => ({
  isInUse: claimedAt !== null,
  isLocked: locked,
});
