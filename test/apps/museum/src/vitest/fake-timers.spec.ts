import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TicketService } from 'nestjs-ticketoffice';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { visit } from '../../test/visit.js';
import { MuseumModule } from '../museum.module.js';

describe.each([
  ['the date', () => vi.useFakeTimers({ toFake: ['Date'] })],
  ['all that vi.useFakeTimers() does', () => vi.useFakeTimers()],
])('with Vitest faking %s', (_, useFakeTimers) => {
  let app: INestApplication;

  beforeEach(async () => {
    useFakeTimers();
    const testing = await Test.createTestingModule({ imports: [MuseumModule] }).compile();
    app = await testing.createNestApplication().init();
  });

  afterEach(async () => {
    await app.close();
    vi.useRealTimers();
  });

  it('has a ticket expire', async () => {
    vi.setSystemTime('2026-01-01T12:00:00Z');
    const invitation = {
      place: 'louvre',
      purpose: 'visit',
      data: { firstName: 'Léonard' },
      expiresIn: '1h',
    } as const;
    const { credentials } = await app.get(TicketService).issue(invitation);
    vi.setSystemTime('2026-01-01T13:00:00Z');
    expect(await visit(app, credentials)).toEqual([403, 'TICKET_EXPIRED']);
    vi.setSystemTime('2026-01-01T12:59:59Z');
    expect(await visit(app, credentials)).toEqual([200, undefined]);
  });
});
