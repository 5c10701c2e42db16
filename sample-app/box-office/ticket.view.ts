import type { Ticket, TicketStatus } from 'nestjs-ticketoffice';
import { instant } from '../site/instant.js';
import { offerOf, keyOf } from './offer.catalogue.js';
import { NO_BLOCK, type TicketBlock } from './ticket.block.js';

/** A ticket as the templates show it, and what can be done with it. */
export function ticketView(ticket: Ticket, block: TicketBlock = NO_BLOCK) {
  const { uuid, place, purpose, subject, createdAt, expiresAt, usedAt, revokedAt } = ticket;
  const offer = offerOf(keyOf(ticket));
  return {
    uuid,
    place,
    purpose,
    subject,
    guest: (ticket.data as { firstName?: string } | null)?.firstName,
    offer: offer?.name ?? keyOf(ticket),
    created: instant(createdAt),
    expires: instant(expiresAt),
    used: instant(usedAt),
    revoked: instant(revokedAt),
    ...stateOf(ticket.status(), block, offer !== undefined),
  };
}

/** A ticket's state, and what the clerk can still do with it. */
function stateOf(status: TicketStatus, { isInUse, isLocked }: TicketBlock, isKnown: boolean) {
  const state = isInUse ? 'in use' : isLocked && status === 'valid' ? 'locked' : status;
  return {
    status: state,
    badge: state.replace(' ', '-'),
    revocable: status === 'valid',
    reopenable: isInUse && !isLocked,
    // A new code for a locked ticket is locked, too.
    reissuable: isKnown && (state === 'valid' || state === 'expired') && !isLocked,
  };
}
