import type { Ticket } from 'nestjs-ticketoffice';
import { instant } from '../site/instant.js';
import { errandOf, keyOf } from './errand.catalogue.js';

/**
 * A ticket as the templates show it, and what can be done with it.
 *
 * @param isInUse whether a claim holds it: it is being used right now, or was when the museum crashed
 */
export function ticketView(ticket: Ticket, isInUse = false) {
  const { uuid, place, purpose, subject, createdAt, expiresAt, usedAt, revokedAt } = ticket;
  const status = ticket.status();
  const errand = errandOf(keyOf(ticket));
  return {
    uuid,
    place,
    purpose,
    subject,
    guest: (ticket.data as { firstName?: string } | null)?.firstName,
    errand: errand?.name ?? keyOf(ticket),
    status: isInUse ? 'in use' : status,
    look: isInUse ? 'in-use' : status,
    revocable: status === 'valid',
    reopenable: isInUse,
    reissuable: errand !== undefined && !isInUse && (status === 'valid' || status === 'expired'),
    created: instant(createdAt),
    expires: instant(expiresAt),
    used: instant(usedAt),
    revoked: instant(revokedAt),
  };
}
