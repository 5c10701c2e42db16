import type { IssuedTicket } from '../tickets/issuing/ticket.drafts.js';
import type { TicketService } from '../tickets/ticket.service.js';
import { columns, instant, type Output } from './output.js';

/**
 * Before anything is written: the secret of a ticket, or its new one, would be lost with the link.
 *
 * @throws TicketInputError for a path to which no link can be made
 */
export function assertPath(tickets: TicketService, path: string | undefined): void {
  if (path !== undefined) tickets.url(path, { uuid: NO_UUID, password: 'none' });
}

const NO_UUID = '00000000-0000-0000-0000-000000000000';

/** Prints credentials that were issued: the only place where the command line shows a secret. */
export function printIssued(
  output: Output,
  tickets: TicketService,
  { ticket, credentials }: IssuedTicket,
  path: string | undefined,
): void {
  const { uuid, password } = credentials;
  const { expiresAt } = ticket;
  const link = path === undefined ? null : tickets.url(path, credentials);
  const apart = [
    ['uuid', uuid],
    ['password', password],
    ['expires', instant(expiresAt)],
  ];
  output.print({ uuid, password, link, expiresAt }, link === null ? columns(apart) : [link]);
}
