import { Test } from '@nestjs/testing';
import { ticketFor, TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import { expect, it } from 'vitest';
import { MuseumController } from './museum.controller.js';

it('welcomes a guest by name', async () => {
  const imports = [TicketOfficeTestingModule.withoutDatabase()];
  const testing = await Test.createTestingModule({ imports, controllers: [MuseumController] }).compile();
  const ticket = ticketFor({ data: { firstName: 'Léonard' } });
  expect(testing.get(MuseumController).visit(ticket)).toBe('Welcome to the Louvre museum Léonard');
});
