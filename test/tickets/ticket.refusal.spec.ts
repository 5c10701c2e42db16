import { Ticket, TicketExpiredError, TicketRevokedError, TicketUsedError } from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { reasonOf, refusal } from '../../lib/tickets/ticket.refusal.js';
import { CredentialsError, NoTicketError, TicketBusyError } from '../../lib/tickets/ticket.errors.js';

const now = new Date('2026-01-01T00:00:00Z');
const before = new Date(now.getTime() - 1);
const after = new Date(now.getTime() + 1);
const told = (fields: Partial<Ticket>) => refusal(Object.assign(new Ticket(), fields), now);

describe('A ticket that its holder shows', () => {
  it('is not refused while it is valid', () => {
    expect(told({})).toBeUndefined();
    expect(told({ expiresAt: after })).toBeUndefined();
  });

  it('is refused with why, and since when, once it is over', () => {
    expect(told({ expiresAt: now })).toEqual(new TicketExpiredError(now));
    expect(told({ revokedAt: before, expiresAt: now })).toEqual(new TicketRevokedError(before));
    expect(told({ usedAt: before, revokedAt: now, expiresAt: now })).toEqual(new TicketUsedError(before));
    expect(told({ usedAt: before })).toMatchObject({ code: 'TICKET_USED', usedAt: before });
    expect(told({ revokedAt: before })).toMatchObject({ code: 'TICKET_REVOKED', revokedAt: before });
    expect(told({ expiresAt: before })).toMatchObject({ code: 'TICKET_EXPIRED', expiresAt: before });
  });
});

it('is told of an error to a holder in one word, and of one to a stranger in none', () => {
  const reasons = [
    ...[new TicketUsedError(now), new TicketRevokedError(now), new TicketExpiredError(now)],
    ...[new TicketBusyError(), new CredentialsError(), new NoTicketError()],
  ].map(reasonOf);
  expect(reasons).toEqual(['used', 'revoked', 'expired', 'busy', undefined, undefined]);
});
