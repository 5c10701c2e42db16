import { Test } from '@nestjs/testing';
import { InvitationGuard, StampInvitation } from 'nestjs-ticketoffice';
import { admit, recordStamps, ticketFor, TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import request from 'supertest';
import { expect, it } from 'vitest';
import { MuseumController } from './museum.controller.js';

it('uses the ticket of a request up', async () => {
  const ticket = ticketFor({ data: { firstName: 'Léonard' } });
  const stamps = recordStamps();
  const testing = await Test.createTestingModule({
    imports: [TicketOfficeTestingModule.withoutDatabase()],
    controllers: [MuseumController],
  })
    .overrideGuard(InvitationGuard)
    .useValue(admit(ticket))
    .overrideInterceptor(StampInvitation)
    .useValue(stamps)
    .compile();
  const app = await testing.createNestApplication().init();
  await request(app.getHttpServer()).get('/louvre').expect(200, 'Welcome to the Louvre museum Léonard');
  expect(stamps.used).toEqual([ticket]);
  await app.close();
});
