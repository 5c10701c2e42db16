import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule, ticketOfficeMigrations, TicketService } from 'nestjs-ticketoffice';
import request from 'supertest';
import { expect, it } from 'vitest';
import { MuseumController } from './museum.controller.js';

it('lets a guest into the Louvre once', async () => {
  const testing = await Test.createTestingModule({
    imports: [
      TypeOrmModule.forRoot({
        type: 'better-sqlite3',
        database: ':memory:', // a new one for each app
        autoLoadEntities: true,
        migrations: ticketOfficeMigrations,
        migrationsRun: true,
      }),
      TicketOfficeModule.forRoot({ isGlobal: true, secret: 'a secret for the tests, and nothing else' }),
    ],
    controllers: [MuseumController],
  }).compile();
  const app = await testing.createNestApplication().init();
  const tickets = app.get(TicketService);

  const invitation = { place: 'louvre', purpose: 'visit', data: { firstName: 'Léonard' } };
  const { ticket, credentials } = await tickets.issue(invitation);
  const visit = () =>
    request(app.getHttpServer())
      .get('/louvre')
      .set('Authorization', `Ticket ${credentials.uuid}:${credentials.password}`);

  const first = await visit();
  expect([first.status, first.text]).toEqual([200, 'Welcome to the Louvre museum Léonard']);
  const second = await visit();
  expect([second.status, second.body.errorCode]).toEqual([403, 'TICKET_USED']);
  expect((await tickets.find(ticket.uuid))?.status()).toBe('used');
  await app.close();
});
