import { Ticket, type TicketStatus } from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';

const EXPIRY = new Date('2026-03-29T01:00:00.000Z');
const msFrom = (instant: Date, milliseconds: number): Date => new Date(instant.getTime() + milliseconds);

const ticket = (fields: Partial<Ticket> = {}): Ticket =>
  Object.assign(new Ticket(), { place: 'louvre', purpose: 'visit' }, fields);

const [usedAt, revokedAt] = [new Date('2026-01-02'), new Date('2026-01-03')];

describe('A ticket', () => {
  it.each<[string, number, TicketStatus]>([
    ['one millisecond before its expiry', -1, 'valid'],
    ['at its expiry', 0, 'expired'],
    ['one millisecond after its expiry', 1, 'expired'],
  ])('[LC-1] knows what it is %s', (_, milliseconds, status) => {
    const now = msFrom(EXPIRY, milliseconds);
    expect(ticket({ expiresAt: EXPIRY }).status(now)).toBe(status);
    expect(ticket({ expiresAt: EXPIRY }).isValid(now)).toBe(status === 'valid');
  });

  it('[LC-6] never expires without an expiry', () => {
    expect(ticket({ expiresAt: null }).status(new Date(8.64e15))).toBe('valid');
    expect(ticket({ expiresAt: null }).expired).toBe(false);
  });

  it('asks the system for the time when it is given none', () => {
    const [past, future] = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)];
    const [over, open] = [ticket({ expiresAt: past }), ticket({ expiresAt: future })];
    expect([over.expired, over.isValid(), over.status()]).toEqual([true, false, 'expired']);
    expect([open.expired, open.isValid(), open.status()]).toEqual([false, true, 'valid']);
  });

  it.each<[TicketStatus, Partial<Ticket>]>([
    ['used', { usedAt }],
    ['revoked', { revokedAt }],
    ['used', { usedAt, revokedAt, expiresAt: EXPIRY }],
    ['revoked', { revokedAt, expiresAt: EXPIRY }],
  ])('is %s first of all that it is', (status, fields) => {
    const over = ticket(fields);
    expect(over.status(msFrom(EXPIRY, 1))).toBe(status);
    expect(over.isValid(msFrom(EXPIRY, -1))).toBe(false);
    expect([over.used, over.revoked]).toEqual([!!fields.usedAt, !!fields.revokedAt]);
  });

  it('is neither used nor revoked when it is new', () => {
    expect([new Ticket().used, new Ticket().revoked, new Ticket().expired]).toEqual([false, false, false]);
  });

  it.each([
    ['louvre', 'visit', true],
    ['Louvre', 'visit', false],
    ['louvre ', 'visit', false],
    ['louvre', 'Visit', false],
    ['visit', 'louvre', false],
    ['', '', false],
  ])('[S-3] is appropriate to the letter at (%j, %j): %s', (place, purpose, appropriate) => {
    expect(ticket().isAppropriate(place, purpose)).toBe(appropriate);
  });

  it('is appropriate to no definition that is undefined: that is an error', () => {
    for (const params of [undefined, { id: 7 }])
      expect(() => ticket().isAppropriate(undefined as never, params as never)).toThrow(
        /the definition is undefined/,
      );
  });

  it('[S-3] does not take an accent for its other spelling', () => {
    const composed = ticket({ place: 'caf\u00e9' });
    expect(composed.isAppropriate('cafe\u0301', 'visit')).toBe(false);
    expect(composed.isAppropriate('caf\u00e9', 'visit')).toBe(true);
  });
});
