import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { Mail } from './mail.js';

const MONTH = 30 * 24 * 60 * 60 * 1000;

@Injectable()
export class ExpiredInvitations implements OnModuleInit {
  private readonly logger = new Logger(ExpiredInvitations.name);
  private readonly renewing = new Set<string>();

  constructor(
    private readonly tickets: TicketService,
    private readonly mail: Mail,
  ) {}

  onModuleInit() {
    this.tickets.events$.subscribe((event) => {
      // A holder has shown the right secret: nobody else can make this app send a mail.
      if (event.type !== 'refused' || event.reason !== 'expired' || !event.holder) return;
      if (event.place === 'team' && event.purpose === 'join') {
        void this.renew(event.uuid!).catch((error) => this.logger.error('No new link was sent', error));
      }
    });
  }

  private async renew(uuid: string) {
    if (this.renewing.has(uuid)) return; // many requests at once make one link
    this.renewing.add(uuid);
    try {
      const ticket = await this.tickets.find(uuid); // the event has neither `subject` nor `data`
      const isRecent = Date.now() - Number(ticket?.createdAt) < MONTH;
      if (ticket?.status() !== 'expired' || !isRecent) return;
      // The link that was opened dies with this: opened again, it is a stranger's, and sends nothing.
      const { credentials } = await this.tickets.reissue(uuid, { expiresIn: '7d' });
      await this.mail.send(ticket.subject!, this.tickets.url('/team/join', credentials));
    } finally {
      this.renewing.delete(uuid);
    }
  }
}
