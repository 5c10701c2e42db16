import type { Ticket } from '../tickets/ticket.entity.js';
import { escaped, instant } from './output.js';

/** A ticket as JSON: what its entity shows, and its status. */
export const ticketJson = (ticket: Ticket): object => ({
  uuid: ticket.uuid,
  status: ticket.status(),
  place: ticket.place,
  purpose: ticket.purpose,
  subject: ticket.subject,
  data: ticket.data,
  createdAt: ticket.createdAt,
  expiresAt: ticket.expiresAt,
  usedAt: ticket.usedAt,
  revokedAt: ticket.revokedAt,
  // The columns of the app's own entity.
  ...(ticket as object),
});

/** What `list` shows of a ticket. */
export const LIST_COLUMNS = ['UUID', 'STATUS', 'PLACE', 'PURPOSE', 'SUBJECT', 'EXPIRES'];

export const listRow = (ticket: Ticket): string[] => [
  ticket.uuid,
  ticket.status(),
  escaped(ticket.place),
  escaped(ticket.purpose),
  escaped(ticket.subject ?? '-'),
  instant(ticket.expiresAt),
];
