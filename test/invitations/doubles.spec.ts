import { applyDecorators, type NestInterceptor, type Type, UseGuards } from '@nestjs/common';
import { StampInvitation } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { RequirementMetadata } from '../../lib/invitations/requirement.js';
import { eachAdapter } from '../support/apps.js';
import { eachDatabase } from '../support/databases.js';
import { ClaimOnThis, SelectThenUpdate, StampWithoutCount, TicketOnGuard } from './doubles.js';
import { interleaveManyTickets, openTheatre, raceForOneTicket, visitController } from './stage.js';

const behindTicketOnGuard = applyDecorators(
  RequirementMetadata({ place: 'louvre', purpose: 'visit', credentials: [] }),
  UseGuards(TicketOnGuard),
) as MethodDecorator;

eachDatabase('the checks of the stamp', (database) => {
  eachAdapter('catch', (adapter) => {
    const staging = (interceptor: Type<NestInterceptor>, required?: MethodDecorator) =>
      openTheatre(adapter, database, { controllers: [visitController(interceptor, required)] });

    it.each([SelectThenUpdate, StampWithoutCount])('[R-1] $name, by parallel requests', async (double) => {
      const theatre = await staging(double);
      for (const size of [2, 8, 20]) {
        const faults = await raceForOneTicket(theatre, size, true);
        expect(faults).toContain(`the handler ran: ${size}, not 1`);
        expect(faults).toContain(`successes: ${size}, not 1`);
      }
    });

    it('[M-3] ClaimOnThis, by interleaved requests', async () => {
      const theatre = await staging(ClaimOnThis);
      expect(await interleaveManyTickets(theatre, 20)).toContain('tickets unused: 19, not 0');
    });

    it('[M-3] TicketOnGuard, by interleaved requests', async () => {
      const theatre = await staging(StampInvitation, behindTicketOnGuard);
      const faults = await interleaveManyTickets(theatre, 50);
      expect(faults).toContainEqual(
        expect.stringMatching(/^handlers with the ticket of another: |^failures: /),
      );
      expect(faults).toContainEqual(expect.stringMatching(/^answers to another: /));
    });
  });
});
