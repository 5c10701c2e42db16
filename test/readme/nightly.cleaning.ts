import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { TicketService } from 'nestjs-ticketoffice';

@Injectable()
export class NightlyCleaning {
  constructor(private readonly tickets: TicketService) {}

  @Cron('0 4 * * *', { name: 'cleaning' })
  async clean() {
    await this.tickets.clean();
  }
}
