import type { TicketEvent, TicketEventType } from 'nestjs-ticketoffice';
import { expectTypeOf, it } from 'vitest';

// The compiler checks it: `npm run types`.
it('The type of an event is one of TicketEventType, also of a refusal and a cleaning', () => {
  expectTypeOf<TicketEvent['type']>().toEqualTypeOf<TicketEventType>();
  expectTypeOf<'refused' | 'cleaned' | 'stamped'>().toExtend<TicketEventType>();
});
