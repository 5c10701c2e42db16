import { Test } from '@nestjs/testing';
import { Ticket, TicketService } from 'nestjs-ticketoffice';
import { TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import { Column, Entity } from 'typeorm';
import { expect, it } from 'vitest';
import { afterwards } from '../support/suite-scope.js';

@Entity(Ticket.table)
class MuseumTicket extends Ticket {
  @Column({ type: 'integer' })
  room!: number;
}

it('makes the columns of the app’s own entity of the tickets', async () => {
  const imports = [TicketOfficeTestingModule.forRoot({ entity: MuseumTicket })];
  const app = await Test.createTestingModule({ imports }).compile();
  afterwards(() => app.close());
  await app.init();
  const tickets = app.get(TicketService);
  const { ticket } = await tickets.issue({ place: 'louvre', purpose: 'visit', room: 711 } as never);
  expect(await tickets.find(ticket.uuid)).toMatchObject({ room: 711 });
});
