import type { Ticket } from 'nestjs-ticketoffice';
import { instant } from '../site/instant.js';
import { errandOf, keyOf } from './errand.catalogue.js';

/** A ticket as the templates show it. */
export function ticketView(ticket: Ticket) {
  const { uuid, place, purpose, subject, createdAt, expiresAt, usedAt, revokedAt } = ticket;
  const status = ticket.status();
  return {
    uuid,
    place,
    purpose,
    subject,
    guest: (ticket.data as { firstName?: string } | null)?.firstName,
    errand: errandOf(keyOf(ticket))?.name ?? keyOf(ticket),
    status,
    valid: status === 'valid',
    created: instant(createdAt),
    expires: instant(expiresAt),
    used: instant(usedAt),
    revoked: instant(revokedAt),
  };
}
