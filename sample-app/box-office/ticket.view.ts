import type { Ticket, TicketStatus } from 'nestjs-ticketoffice';
import { instant } from '../site/instant.js';
import { errandOf, keyOf } from './errand.catalogue.js';
import { type Marks, NO_MARKS } from './ticket.marks.js';

/** A ticket as the templates show it, and what can be done with it. */
export function ticketView(ticket: Ticket, marks: Marks = NO_MARKS) {
  const { uuid, place, purpose, subject, createdAt, expiresAt, usedAt, revokedAt } = ticket;
  const errand = errandOf(keyOf(ticket));
  return {
    uuid,
    place,
    purpose,
    subject,
    guest: (ticket.data as { firstName?: string } | null)?.firstName,
    errand: errand?.name ?? keyOf(ticket),
    created: instant(createdAt),
    expires: instant(expiresAt),
    used: instant(usedAt),
    revoked: instant(revokedAt),
    ...standingOf(ticket.status(), marks.claimed.has(uuid), marks.locked.has(uuid), errand !== undefined),
  };
}

/** How a ticket stands, and what the clerk can still do about it. */
function standingOf(status: TicketStatus, isInUse: boolean, isLocked: boolean, isKnown: boolean) {
  const standing = isInUse ? 'in use' : isLocked && status === 'valid' ? 'locked' : status;
  return {
    status: standing,
    look: standing.replace(' ', '-'),
    revocable: status === 'valid',
    reopenable: isInUse && !isLocked,
    // Another code for a locked ticket is locked, too.
    reissuable: isKnown && (standing === 'valid' || standing === 'expired') && !isLocked,
  };
}
