import { Controller, Get, Header, Injectable, type OnModuleInit } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { Counter, Registry } from 'prom-client';

@Injectable()
export class TicketMetrics implements OnModuleInit {
  readonly registry = new Registry(); // or the one of your other metrics
  private readonly events = new Counter({
    name: 'ticket_events_total',
    help: 'What happened to tickets.',
    labelNames: ['type', 'reason', 'holder'],
    registers: [this.registry],
  });

  constructor(private readonly tickets: TicketService) {}

  onModuleInit() {
    this.tickets.events$.subscribe((event) => {
      const { reason = '', holder = '' } = event.type === 'refused' ? event : {};
      this.events.inc({ type: event.type, reason, holder: String(holder) });
    });
  }
}

@Controller('metrics') // yours to protect
export class MetricsController {
  constructor(private readonly metrics: TicketMetrics) {}

  @Get()
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  show() {
    return this.metrics.registry.metrics();
  }
}
