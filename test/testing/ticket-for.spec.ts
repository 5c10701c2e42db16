import { defineTicket, Ticket, TicketInputError } from 'nestjs-ticketoffice';
import { ticketFor, type TicketFields } from 'nestjs-ticketoffice/testing';
import { version } from 'uuid';
import { z } from 'zod';
import { describe, expect, expectTypeOf, it } from 'vitest';

const noon = new Date('2026-01-01T12:00:00Z');

describe('ticketFor()', () => {
  it('makes a valid ticket of nothing', () => {
    const before = Date.now();
    const ticket = ticketFor();
    expect(ticket).toBeInstanceOf(Ticket);
    expect(version(ticket.uuid)).toBe(7);
    expect(ticket.uuid).not.toBe(ticketFor().uuid);
    expect(ticket.createdAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(ticket).toMatchObject({ place: 'place', purpose: 'purpose', subject: null, data: {} });
    expect([ticket.status(), ticket.isValid(new Date('9999-01-01'))]).toEqual(['valid', true]);
  });

  it('has what is given, its data typed', () => {
    const ticket = ticketFor({
      place: 'louvre',
      purpose: 'visit',
      subject: 42,
      data: { firstName: 'Léonard' },
    });
    expectTypeOf(ticket).toEqualTypeOf<Ticket<{ firstName: string }>>();
    expect(ticket.isAppropriate('louvre', 'visit')).toBe(true);
    expect([ticket.subject, ticket.data.firstName]).toEqual(['42', 'Léonard']);
    const { uuid } = ticketFor();
    expect(ticketFor({ uuid, createdAt: noon })).toMatchObject({ uuid, createdAt: noon });
    expect(ticketFor({ subject: null, expiresAt: null }).subject).toBeNull();
  });

  it.each(['usedAt', 'revokedAt', 'expiresAt'] as const)('makes one that is over, by %s', (column) => {
    expect(ticketFor({ [column]: noon }).status()).toBe(
      column.replace(/(sA|A)t$/, (end) => (end === 'sAt' ? 'd' : '')),
    );
  });

  it('makes one of any age that a uuid can tell', () => {
    for (const createdAt of [new Date(0), new Date(2 ** 48 - 1)])
      expect(ticketFor({ createdAt })).toMatchObject({ createdAt });
  });

  it.each<[object, string]>([
    [{ place: '' }, 'place must be a non-empty string'],
    [{ purpose: 'x'.repeat(101) }, 'purpose must be a non-empty string of at most 100'],
    [{ subject: 1.5 }, 'subject must be a whole number'],
    [{ data: { at: noon } }, 'data.at must be plain JSON'],
    [{ uuid: 'louvre' }, 'uuid must be a uuid'],
    [{ createdAt: new Date(-1) }, 'createdAt must be a valid Date from 1970'],
    [{ createdAt: new Date(2 ** 48) }, 'createdAt must be a valid Date from 1970'],
    [{ createdAt: new Date(NaN) }, 'createdAt must be a valid Date'],
    [{ usedAt: true }, 'usedAt must be a valid Date, or null'],
    [{ used: true }, "'used' is unknown: write one of uuid, place"],
  ])('refuses %j, which no ticket can have', (fields, told) => {
    expect(() => ticketFor(fields as TicketFields)).toThrow(TicketInputError);
    expect(() => ticketFor(fields as TicketFields)).toThrow(told);
  });

  const LouvreVisit = defineTicket({
    place: 'louvre',
    purpose: 'visit',
    data: z.object({ firstName: z.string(), guests: z.string().transform(Number) }),
  });
  const Report = defineTicket({ place: 'report/:id', purpose: 'download' });

  it('makes one of a definition, its data as the handler gets it', () => {
    const ticket = ticketFor(LouvreVisit, { data: { firstName: 'Léonard', guests: 2 }, usedAt: noon });
    expectTypeOf(ticket).toEqualTypeOf<Ticket<{ firstName: string; guests: number }>>();
    expect(ticket.isAppropriate(LouvreVisit)).toBe(true);
    expect([ticket.data.guests, ticket.status()]).toEqual([2, 'used']);
    expect(ticketFor(Report, { params: { id: 'a/b' } }).place).toBe('report/a%2Fb');
    expect(ticketFor(defineTicket({ place: 'louvre', purpose: 'look' })).purpose).toBe('look');
  });

  it.each<[() => unknown, string]>([
    // @ts-expect-error its place needs an id
    [() => ticketFor(Report), 'id'],
    // @ts-expect-error the place is the definition's
    [() => ticketFor(LouvreVisit, { place: 'orsay', data: {} }), 'place is the definition'],
    // @ts-expect-error no field of a ticket
    [() => ticketFor(Report, { params: { id: 1 }, used: true }), "'used' is unknown"],
  ])('refuses what a definition leaves no room for: %#', (call, told) => {
    expect(call).toThrow(TicketInputError);
    expect(call).toThrow(told);
  });
});
