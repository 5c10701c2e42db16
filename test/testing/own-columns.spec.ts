import { Test } from '@nestjs/testing';
import { defineTicket, Ticket, TicketInputError, type TicketOf, TicketService } from 'nestjs-ticketoffice';
import { admit, ticketFor, TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import { Column, Entity } from 'typeorm';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { afterwards } from '../support/suite-scope.js';

@Entity(Ticket.table)
class MuseumTicket<T = unknown> extends Ticket<T> {
  @Column({ type: 'integer' })
  room!: number;

  get label(): string {
    return `Room ${this.room}`;
  }
}

@Entity(Ticket.table)
class GuidedTicket extends MuseumTicket {
  @Column({ type: 'varchar', length: 40, nullable: true })
  guide: string | null = null;
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

describe('ticketFor() with the app’s own entity', () => {
  const LouvreVisit = defineTicket({
    place: 'louvre',
    purpose: 'visit',
    data: z.object({ firstName: z.string() }),
  });

  it('makes an instance of it, with its columns and getters, typed', () => {
    const ticket = ticketFor({ entity: MuseumTicket, data: { firstName: 'Léonard' }, room: 711 });
    expectTypeOf(ticket).toExtend<MuseumTicket & Ticket<{ firstName: string }>>();
    expectTypeOf(ticket.data).toEqualTypeOf<{ firstName: string }>();
    expect(ticket).toBeInstanceOf(MuseumTicket);
    expect([ticket.label, ticket.data.firstName, ticket.status()]).toEqual(['Room 711', 'Léonard', 'valid']);
    expect(ticket).not.toHaveProperty('entity');
    expect(() => admit(ticket)).not.toThrow();
  });

  it('makes one of a definition', () => {
    const ticket = ticketFor(LouvreVisit, {
      entity: MuseumTicket,
      data: { firstName: 'Léonard' },
      room: 711,
    });
    expectTypeOf(ticket).toExtend<MuseumTicket & TicketOf<typeof LouvreVisit>>();
    expect([ticket.label, ticket.place, ticket.data.firstName]).toEqual(['Room 711', 'louvre', 'Léonard']);
  });

  it('leaves what is not given as the class has it, and knows inherited columns', () => {
    const ticket = ticketFor({ entity: GuidedTicket, room: 6 });
    expect([ticket.label, ticket.guide]).toEqual(['Room 6', null]);
    expect(ticketFor({ entity: GuidedTicket, room: undefined, guide: 'Lisa' })).toMatchObject({
      guide: 'Lisa',
    });
  });

  class Unmapped extends Ticket {}

  it.each<[() => unknown, string]>([
    // @ts-expect-error no column
    [() => ticketFor({ entity: MuseumTicket, gallery: 'Denon' }), "'gallery' is unknown: write one of uuid"],
    // @ts-expect-error a getter
    [() => ticketFor({ entity: MuseumTicket, label: 'Room 6' }), "'label' is unknown"],
    // @ts-expect-error a column, without its entity
    [() => ticketFor({ room: 711 }), "'room' is unknown: write one of uuid"],
    // @ts-expect-error no ticket
    [() => ticketFor({ entity: Date }), 'entity must be a class that extends Ticket, not Date'],
    // @ts-expect-error no class
    [() => ticketFor({ entity: 'MuseumTicket' }), 'entity must be a class that extends Ticket, not a string'],
    [() => ticketFor({ entity: undefined as never }), 'entity is undefined: two files import each other'],
    [() => ticketFor({ entity: Unmapped }), 'entity Unmapped is no entity: write @Entity(Ticket.table)'],
    // @ts-expect-error the place is the definition's
    [() => ticketFor(LouvreVisit, { entity: MuseumTicket, place: 'x' }), "place is the definition's"],
  ])('refuses what it has no room for: %#', (call, told) => {
    expect(call).toThrow(TicketInputError);
    expect(call).toThrow(told);
  });
});
