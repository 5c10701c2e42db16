import type { Ticket } from './ticket.entity.js';
import {
  type TicketError,
  TicketExpiredError,
  TicketRevokedError,
  TicketUsedError,
} from './ticket.errors.js';

/** The error that gives a holder the reason why a ticket no longer admits; nothing while it does. */
export function refusal(ticket: Ticket, now: Date): TicketError | undefined {
  switch (ticket.status(now)) {
    case 'used':
      return new TicketUsedError(ticket.usedAt!);
    case 'revoked':
      return new TicketRevokedError(ticket.revokedAt!);
    case 'expired':
      return new TicketExpiredError(ticket.expiresAt!);
    case 'valid':
      return undefined;
  }
}
