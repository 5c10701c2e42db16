import { Injectable, type OnModuleInit } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { TicketService } from 'nestjs-ticketoffice';

@Injectable()
export class TicketSpans implements OnModuleInit {
  constructor(private readonly tickets: TicketService) {}

  onModuleInit() {
    // A subscriber runs in the request that has caused the event, and so in its span.
    this.tickets.events$.subscribe((event) => {
      const { type, uuid, place, purpose, instant } = event;
      trace.getActiveSpan()?.addEvent(
        `ticket.${type}`,
        {
          'ticket.uuid': uuid ?? undefined,
          'ticket.place': place ?? undefined,
          'ticket.purpose': purpose ?? undefined,
          'ticket.reason': event.type === 'refused' ? event.reason : undefined,
        },
        instant,
      );
    });
  }
}
