import {
  CredentialsError,
  NoTicketError,
  TicketBusyError,
  TicketExpiredError,
  TicketOfficeBusyError,
  TicketRevokedError,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { refusalFor } from '../../../lib/invitations/answers/answer.table.js';
import { builtInConfirm, builtInRefusal } from '../../../lib/invitations/answers/built-in-pages.js';
import { CrossSiteError } from '../../../lib/invitations/cross-site.js';

const AT = new Date('2026-01-01T00:00:00Z');
const ERRORS = [
  new NoTicketError(),
  new CredentialsError(),
  new CrossSiteError(),
  new TicketUsedError(AT),
  new TicketExpiredError(AT),
  new TicketRevokedError(AT),
  new TicketBusyError(),
  new TicketOfficeBusyError(),
];

/** What a reader reads of a page, its title included. */
const wordsOf = (html: string): string => html.replace(/<style>.*?<\/style>/gs, '').replace(/<[^>]*>/g, ' ');

describe('What guests read', () => {
  it.each(ERRORS.map((error) => [error.name, error] as const))('names no ticket: %s', (_, error) => {
    const { exception, instant } = refusalFor(error)!;
    const { message } = exception.getResponse() as { message: string };
    const page = builtInRefusal({ status: exception.getStatus(), code: error.code, message, instant });
    for (const read of [message, wordsOf(page)]) expect(read).not.toMatch(/ticket/i);
    expect(page).toContain(message);
  });

  it('names no ticket where there is no sentence of its own for a code', () => {
    const page = builtInRefusal({ status: 403, code: 'TICKET_OF_TOMORROW', message: 'No.' });
    expect(wordsOf(page)).not.toMatch(/ticket/i);
  });

  it('names no ticket on the page with the button', () => {
    const page = builtInConfirm({ message: 'One more step.', action: '', fields: [] } as never);
    expect(wordsOf(page)).not.toMatch(/ticket/i);
  });
});
