import { Test } from '@nestjs/testing';
import { TICKET_OFFICE_OPTIONS, TicketService } from 'nestjs-ticketoffice';
import { TestClock, TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import { expect, it } from 'vitest';
import { visit } from '../test/visit.js';
import { MuseumModule } from './museum.module.js';

it('has a ticket expire by a clock of the test', async () => {
  const clock = new TestClock('2026-01-01T12:00:00Z');
  const testing = await Test.createTestingModule({ imports: [MuseumModule] })
    .overrideProvider(TICKET_OFFICE_OPTIONS)
    .useValue(TicketOfficeTestingModule.options({ clock }))
    .compile();
  const app = await testing.createNestApplication().init();
  const invitation = {
    place: 'louvre',
    purpose: 'visit',
    data: { firstName: 'Léonard' },
    expiresIn: '1h',
  } as const;
  const { credentials } = await app.get(TicketService).issue(invitation);

  clock.advance('1h');
  expect(await visit(app, credentials)).toEqual([403, 'TICKET_EXPIRED']);
  clock.set('2026-01-01T12:59:59Z');
  expect(await visit(app, credentials)).toEqual([200, undefined]);
  await app.close();
});
