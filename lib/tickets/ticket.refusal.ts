import type { RefusalReason } from './events/ticket.event.js';
import type { Ticket } from './ticket.entity.js';
import {
  type TicketError,
  type TicketErrorCode,
  TicketExpiredError,
  TicketRevokedError,
  TicketUsedError,
} from './ticket.errors.js';

/** Why a ticket that its holder shows no longer admits; nothing when it does. */
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

const REASONS: Partial<Record<TicketErrorCode, RefusalReason>> = {
  TICKET_USED: 'used',
  TICKET_REVOKED: 'revoked',
  TICKET_EXPIRED: 'expired',
  TICKET_BUSY: 'busy',
};

/** What an event says of an error that a holder is told. */
export const reasonOf = ({ code }: TicketError): RefusalReason | undefined => REASONS[code];
