import { Test } from '@nestjs/testing';
import { TICKET_OFFICE_OPTIONS, type TicketOfficeOptions, TicketService } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { visit } from '../test/visit.js';
import { MuseumModule } from './museum.module.js';

it('has a ticket expire by a clock of the test', async () => {
  const clock = { now: new Date('2026-01-01T12:00:00Z') };
  const options: TicketOfficeOptions = {
    secret: 'a secret for the tests, and nothing else',
    now: () => clock.now,
  };
  const testing = await Test.createTestingModule({ imports: [MuseumModule] })
    .overrideProvider(TICKET_OFFICE_OPTIONS)
    .useValue(options)
    .compile();
  const app = await testing.createNestApplication().init();
  const invitation = {
    place: 'louvre',
    purpose: 'visit',
    data: { firstName: 'Léonard' },
    expiresIn: '1h',
  } as const;
  const { credentials } = await app.get(TicketService).issue(invitation);

  clock.now = new Date('2026-01-01T13:00:00Z');
  expect(await visit(app, credentials)).toEqual([403, 'TICKET_EXPIRED']);
  clock.now = new Date('2026-01-01T12:59:59Z');
  expect(await visit(app, credentials)).toEqual([200, undefined]);
  await app.close();
});
