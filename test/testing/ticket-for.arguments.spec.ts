import { defineTicket, TicketInputError } from 'nestjs-ticketoffice';
import { ticketFor } from 'nestjs-ticketoffice/testing';
import { expect, it } from 'vitest';

const LouvreVisit = defineTicket({ place: 'louvre', purpose: 'visit' });

it.each<[() => unknown, string]>([
  // @ts-expect-error as of a module that is not ready
  [() => ticketFor(undefined, { data: {} }), 'the definition is undefined: two files import each other'],
  // @ts-expect-error no definition
  [() => ticketFor({ place: 'x' }, { data: {} }), 'the second argument goes with a definition alone'],
  // @ts-expect-error no definition
  [() => ticketFor(null, { data: {} }), 'the second argument goes with a definition alone'],
  // @ts-expect-error no fields
  [() => ticketFor(LouvreVisit, null), 'the input must be an object, not null'],
  // @ts-expect-error no fields
  [() => ticketFor(LouvreVisit, 'Léonard'), 'the input must be an object, not a string'],
])('ticketFor() refuses other arguments than fields, or a definition and fields: %#', (call, told) => {
  expect(call).toThrow(TicketInputError);
  expect(call).toThrow(`ticketFor(): ${told}`);
});
