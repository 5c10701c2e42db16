import { Controller, Get, Injectable, Logger } from '@nestjs/common';
import { HealthCheck, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { TicketService } from 'nestjs-ticketoffice';

@Injectable()
export class TicketHealth {
  private readonly logger = new Logger(TicketHealth.name);

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly tickets: TicketService,
  ) {}

  async check() {
    const indicator = this.indicators.check('tickets');
    try {
      await this.tickets.check();
      return indicator.up();
    } catch (error) {
      this.logger.error('The ticket office is not ready', error); // it says what to do, and is for you alone
      return indicator.down();
    }
  }
}

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly tickets: TicketHealth,
  ) {}

  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check([() => this.tickets.check()]);
  }
}
