import type { NestInterceptor, Type } from '@nestjs/common';
import { StampInvitation } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { eachPlatform } from '../support/platforms.js';
import { ClaimOnThis } from '../once/doubles.js';
import { behindTicketOnGuard } from '../once/stamps.js';
import { interleaveManyTickets, startVisitApp, visitController } from './visit.app.js';

eachPlatform('the checks of the stamp catch', (database, adapter) => {
  const staging = (interceptor: Type<NestInterceptor>, required?: MethodDecorator) =>
    startVisitApp(adapter, database, { controllers: [visitController(interceptor, required)] });

  it('[M-3] ClaimOnThis, by interleaved requests', async () => {
    const visitApp = await staging(ClaimOnThis);
    expect(await interleaveManyTickets(visitApp, 20)).toContain('tickets unused: 19, not 0');
  });

  it('[M-3] TicketOnGuard, by interleaved requests', async () => {
    const visitApp = await staging(StampInvitation, behindTicketOnGuard);
    const faults = await interleaveManyTickets(visitApp, 50);
    expect(faults).toContainEqual(
      expect.stringMatching(/^handlers with the ticket of another: |^failures: /),
    );
    expect(faults).toContainEqual(expect.stringMatching(/^answers to another: /));
  });
});
