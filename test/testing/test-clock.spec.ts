import { TicketInputError } from 'nestjs-ticketoffice';
import { TestClock } from 'nestjs-ticketoffice/testing';
import { describe, expect, it } from 'vitest';

const NOON = '2026-01-01T12:00:00.000Z';

describe('TestClock', () => {
  it('stands still at the present, or where it was started', () => {
    const before = Date.now();
    const { now } = new TestClock();
    expect(now().getTime()).toBeGreaterThanOrEqual(before);
    expect(now().getTime()).toBeLessThanOrEqual(Date.now());
    expect(new TestClock(NOON).now()).toEqual(new Date(NOON));
    expect(new TestClock(new Date(NOON)).now()).toEqual(new Date(NOON));
  });

  it('moves on by a text or by milliseconds, and to any instant', () => {
    const clock = new TestClock(NOON);
    clock.advance('5d');
    clock.advance(1);
    expect(clock.now().toISOString()).toBe('2026-01-06T12:00:00.001Z');
    clock.set(NOON);
    expect(clock.now().toISOString()).toBe(NOON);
    clock.set(new Date('2027-01-01T00:00:00Z'));
    expect(clock.now().toISOString()).toBe('2027-01-01T00:00:00.000Z');
  });

  it('gives a date of their own to all who ask, without being called on itself', () => {
    const { now } = new TestClock(NOON);
    now().setFullYear(1999);
    expect(now().toISOString()).toBe(NOON);
  });

  it.each(['', 'soon', '5', '-5d', 0, -1, NaN, Infinity, null, undefined, {}, 1n, Symbol('5d')])(
    'refuses to advance by %o, and stays',
    (by) => {
      const clock = new TestClock(NOON);
      expect(() => clock.advance(by as never)).toThrow(TicketInputError);
      expect(() => clock.advance(by as never)).toThrow('advance(): the duration must be a positive number');
      expect(clock.now().toISOString()).toBe(NOON);
    },
  );

  it('advances to the last Date that there is, and no further', () => {
    const last = new Date(8.64e15);
    const clock = new TestClock(new Date(last.getTime() - 1));
    clock.advance(1);
    expect(() => clock.advance(1)).toThrow(TicketInputError);
    expect(() => clock.advance(1)).toThrow('advance(): the duration leads beyond the last Date');
    expect(clock.now()).toEqual(last);
  });

  it.each([
    ['2026-01-01', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T12:00Z', NOON],
    ['2026-01-01T14:00:00.5+02:00', '2026-01-01T12:00:00.500Z'],
  ])('reads %s', (text, instant) => {
    expect(new TestClock(text).now().toISOString()).toBe(instant);
  });

  it.each([
    'soon',
    new Date(NaN),
    {},
    null,
    0,
    true,
    '',
    '1',
    'x 5',
    'May 5',
    '2026-01-01T12:00:00',
    '2026-02-30',
    '2026-13-01',
    [2026],
    Symbol('noon'),
    1n,
    () => new Date(),
  ])('refuses to be set to %o', (to) => {
    const clock = new TestClock(NOON);
    expect(() => clock.set(to as never)).toThrow(TicketInputError);
    expect(() => clock.set(to as never)).toThrow('set(): the instant must be a valid Date');
    expect(() => new TestClock(to as never)).toThrow('new TestClock(): the instant must be a valid Date');
    expect(clock.now().toISOString()).toBe(NOON);
  });
});
