import { Ticket, TicketExpiredError, TicketRevokedError, TicketUsedError } from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../lib/tickets/ticket.refusal.js';

const now = new Date('2026-01-01T00:00:00Z');
const before = new Date(now.getTime() - 1);
const after = new Date(now.getTime() + 1);
const refused = (fields: Partial<Ticket>) => refusal(Object.assign(new Ticket(), fields), now);

describe('A ticket that its holder shows', () => {
  it('is not refused while it is valid', () => {
    expect(refused({})).toBeUndefined();
    expect(refused({ expiresAt: after })).toBeUndefined();
  });

  it('is refused with why, and since when, once it is over', () => {
    expect(refused({ expiresAt: now })).toEqual(new TicketExpiredError(now));
    expect(refused({ revokedAt: before, expiresAt: now })).toEqual(new TicketRevokedError(before));
    expect(refused({ usedAt: before, revokedAt: now, expiresAt: now })).toEqual(new TicketUsedError(before));
    expect(refused({ usedAt: before })).toMatchObject({ code: 'TICKET_USED', usedAt: before });
    expect(refused({ revokedAt: before })).toMatchObject({ code: 'TICKET_REVOKED', revokedAt: before });
    expect(refused({ expiresAt: before })).toMatchObject({ code: 'TICKET_EXPIRED', expiresAt: before });
  });
});
