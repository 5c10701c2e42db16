import { defineTicket, type IssueInput, type Ticket, type TicketService } from 'nestjs-ticketoffice';
import { IsString } from 'class-validator';
import { expectTypeOf, it } from 'vitest';
import type { MuseumTicket, Price } from './museum-ticket.js';

class Visit {
  @IsString()
  firstName!: string;
}

const LouvreVisit = defineTicket({ place: 'louvre', purpose: 'visit', data: Visit, path: '/louvre' });

declare const tickets: TicketService<MuseumTicket>;
declare const plain: TicketService;
declare const credentials: { uuid: string; password: string };

// Compiled, and never called.
const calls = {
  async issue() {
    const { ticket } = await tickets.issue({
      ...{ place: 'louvre', purpose: 'visit', data: { firstName: 'Léonard' } },
      gallery: 'Denon',
      persons: 3,
      price: null,
      note: 'a regular',
    });
    expectTypeOf(ticket).toExtend<MuseumTicket>();
    expectTypeOf(ticket.gallery).toEqualTypeOf<string | null>();
    expectTypeOf(ticket.price).toEqualTypeOf<Price | null>();
    expectTypeOf(ticket.data).toEqualTypeOf<{ firstName: string }>();
    expectTypeOf(ticket.label).toEqualTypeOf<string>();
    const visit = { place: 'louvre', purpose: 'visit' };
    // @ts-expect-error a number is no gallery
    await tickets.issue({ ...visit, gallery: 7 });
    // @ts-expect-error no such column
    await tickets.issue({ ...visit, galery: 'Denon' });
    // @ts-expect-error a getter is no column
    await tickets.issue({ ...visit, label: 'Denon' });
    // @ts-expect-error an internal
    await tickets.issue({ ...visit, verifier: 'x' });
    // @ts-expect-error the ticket office's
    await tickets.issue({ ...visit, usedAt: new Date() });
    // @ts-expect-error a ticket of the library has no gallery
    await plain.issue({ ...visit, gallery: 'Denon' });
  },
  async byDefinition() {
    const { ticket } = await tickets.issue(LouvreVisit, { data: { firstName: 'Léonard' }, gallery: 'Denon' });
    expectTypeOf(ticket.data.firstName).toEqualTypeOf<string>();
    expectTypeOf(ticket.gallery).toEqualTypeOf<string | null>();
    // @ts-expect-error its data is missing
    await tickets.issue(LouvreVisit, { gallery: 'Denon' });
    // @ts-expect-error a number is no gallery
    await tickets.issue(LouvreVisit, { data: { firstName: 'Léonard' }, gallery: 7 });
    const [listed] = await tickets.list(LouvreVisit, { gallery: 'Denon' });
    expectTypeOf(listed!.data.firstName).toEqualTypeOf<string>();
    expectTypeOf(listed!.gallery).toEqualTypeOf<string | null>();
    await tickets.redeem(credentials, LouvreVisit, (shown) => [shown.data.firstName, shown.gallery]);
  },
  async many() {
    for await (const { ticket } of tickets.issueMany([{ place: 'a', purpose: 'b', gallery: 'Denon' }]))
      expectTypeOf(ticket).toExtend<MuseumTicket>();
  },
  async read() {
    expectTypeOf(await tickets.find('')).toExtend<MuseumTicket | null>();
    expectTypeOf((await tickets.inspect(''))!.ticket).toExtend<MuseumTicket>();
    expectTypeOf((await tickets.reissue('')).ticket).toExtend<MuseumTicket>();
    expectTypeOf(await tickets.authenticate(credentials, 'a', 'b')).toExtend<MuseumTicket>();
    expectTypeOf(await tickets.list({ gallery: 'Denon', status: 'valid' })).toExtend<MuseumTicket[]>();
    expectTypeOf(await tickets.count({ gallery: null })).toEqualTypeOf<number>();
    await tickets.revokeAll({ gallery: 'Denon' });
    await tickets.redeem(credentials, 'a', 'b', (ticket) => ticket.gallery);
    // @ts-expect-error a number is no gallery
    await tickets.list({ gallery: 7 });
    // @ts-expect-error no such column
    await tickets.count({ galery: 'Denon' });
  },
  async plainTickets() {
    expectTypeOf((await plain.issue({} as IssueInput<string>)).ticket).toEqualTypeOf<Ticket<string>>();
    expectTypeOf(await plain.list<number>()).toEqualTypeOf<Ticket<number>[]>();
  },
  // A function that takes any office takes this one.
  whole: (): TicketService => tickets,
};

it('is typed by the entity: what is issued, listed and handed over', () => {
  expectTypeOf(calls).not.toBeAny();
});
