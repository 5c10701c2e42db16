import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TicketService } from 'nestjs-ticketoffice';
import { expectSingleUse, TestClock, TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import request from 'supertest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MuseumController } from './museum.controller.js';

const clock = new TestClock();
let app: INestApplication;

beforeEach(async () => {
  const testing = await Test.createTestingModule({
    imports: [TicketOfficeTestingModule.forRoot({ clock })],
    controllers: [MuseumController],
  }).compile();
  app = testing.createNestApplication();
  await app.listen(0);
});

afterEach(() => app.close());

/** Issues a ticket, and returns a function that visits the Louvre with it. */
async function invite() {
  const { credentials } = await app.get(TicketService).issue({
    place: 'louvre',
    purpose: 'visit',
    data: { firstName: 'Léonard' },
    expiresIn: '5d',
  });
  return () =>
    request(app.getHttpServer())
      .get('/louvre')
      .set('Authorization', `Ticket ${credentials.uuid}:${credentials.password}`);
}

it('welcomes a guest by name, and once', async () => {
  const visit = await invite();
  const first = await visit();
  expect([first.status, first.text]).toEqual([200, 'Welcome to the Louvre museum Léonard']);
  const second = await visit();
  expect([second.status, second.body.errorCode]).toEqual([403, 'TICKET_USED']);
});

it('lets one of twenty requests in that come at once', async () => {
  await expectSingleUse(await invite(), { parallel: 20 });
});

it('refuses a ticket that has expired', async () => {
  const visit = await invite();
  clock.advance('5d');
  expect((await visit()).body.errorCode).toBe('TICKET_EXPIRED');
});
