import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { defineTicket, TicketService } from 'nestjs-ticketoffice';
import { DataSource } from 'typeorm';
import { Subscriber } from './subscriber.entity.js';

/** Its subject is the address. */
export const Unsubscribe = defineTicket({
  place: 'newsletter',
  purpose: 'unsubscribe',
  path: '/newsletter/unsubscribe',
  expiresIn: null, // people unsubscribe by mails of years ago
});

@Injectable()
export class Newsletter {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly tickets: TicketService,
  ) {}

  /** For an address that is confirmed. */
  subscribe(email: string) {
    return this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.update(Subscriber, { email }, { subscribed: true });
      if (affected) return;
      const { credentials } = await this.tickets.issue(Unsubscribe, { subject: email }, manager);
      const unsubscribeLink = this.tickets.url(Unsubscribe, credentials);
      await manager.insert(Subscriber, { email, unsubscribeLink });
    });
  }

  /** The headers of each mail (RFC 2369, RFC 8058), for its DKIM signature to cover. */
  headersFor({ unsubscribeLink }: Subscriber) {
    return {
      'List-Unsubscribe': `<${unsubscribeLink}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    };
  }
}
