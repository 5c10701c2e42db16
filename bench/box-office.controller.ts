import { Controller, Get, Param, ParseIntPipe, Post } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { FIRST_NAME, PLACE, PURPOSE } from './settings.js';

/** What the client requests between the measured stretches. */
@Controller()
export class BoxOfficeController {
  constructor(private readonly tickets: TicketService) {}

  /** Issues fresh tickets; returns them as values of `Authorization`. */
  @Post('tickets/:count')
  issue(@Param('count', ParseIntPipe) count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => this.authorization()));
  }

  /** CPU time of this process so far, in µs. */
  @Get('cpu')
  cpu(): number {
    const { user, system } = process.cpuUsage();
    return user + system;
  }

  private async authorization(): Promise<string> {
    const { credentials } = await this.tickets.issue({
      place: PLACE,
      purpose: PURPOSE,
      data: { firstName: FIRST_NAME },
    });
    return `Ticket ${credentials.uuid}:${credentials.password}`;
  }
}
