import { Test } from '@nestjs/testing';
import { InvitationGuard, Ticket } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { MuseumController } from './museum.controller.js';

it('welcomes a guest by name', async () => {
  const testing = Test.createTestingModule({ controllers: [MuseumController] })
    .overrideGuard(InvitationGuard)
    .useValue({ canActivate: () => true })
    .useMocker(() => ({}));
  const controller = (await testing.compile()).get(MuseumController);
  const ticket = Object.assign(new Ticket<{ firstName: string }>(), { data: { firstName: 'Léonard' } });
  expect(controller.visit(ticket)).toBe('Welcome to the Louvre museum Léonard');
});
