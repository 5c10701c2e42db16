import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TicketService } from 'nestjs-ticketoffice';
import { visit } from '../../test/visit.js';
import { MuseumModule } from '../museum.module.js';

describe('with Jest faking all but nextTick and setImmediate', () => {
  let app: INestApplication;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const testing = await Test.createTestingModule({ imports: [MuseumModule] }).compile();
    app = await testing.createNestApplication().init();
  });

  afterEach(async () => {
    await app.close();
    jest.useRealTimers();
  });

  it('has a ticket expire', async () => {
    jest.setSystemTime(new Date('2026-01-01T12:00:00Z'));
    const invitation = {
      place: 'louvre',
      purpose: 'visit',
      data: { firstName: 'Léonard' },
      expiresIn: '1h',
    } as const;
    const { credentials } = await app.get(TicketService).issue(invitation);
    jest.setSystemTime(new Date('2026-01-01T13:00:00Z'));
    expect(await visit(app, credentials)).toEqual([403, 'TICKET_EXPIRED']);
    jest.setSystemTime(new Date('2026-01-01T12:59:59Z'));
    expect(await visit(app, credentials)).toEqual([200, undefined]);
  });
});
