import { Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Invitation, InvitationRequired, Ticket } from 'nestjs-ticketoffice';
import { Repository } from 'typeorm';
import { Unsubscribe } from './newsletter.js';
import { Subscriber } from './subscriber.entity.js';

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

@Controller('newsletter/unsubscribe')
@InvitationRequired(Unsubscribe, { pass: { maxAge: '1d' } }) // a page that was left open still has its button
export class UnsubscribeController {
  constructor(@InjectRepository(Subscriber) private readonly subscribers: Repository<Subscriber>) {}

  @Get() // a person, by the link in the mail; a scanner of links, too: changes nothing
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(@Invitation() ticket: Ticket) {
    return `<!doctype html><html lang="en"><title>Unsubscribe</title>
      <form method="post">
        <input type="hidden" name="ticket-uuid" value="${ticket.uuid}">
        <p>${escape(ticket.subject!)} gets our newsletter.</p>
        <button>Unsubscribe</button>
      </form>`;
  }

  @Post() // that page's button, and the mail provider's: without a cookie, by the credentials in the query
  @HttpCode(200)
  @Header('Content-Type', 'text/plain; charset=utf-8')
  async unsubscribe(@Invitation() ticket: Ticket) {
    await this.subscribers.update({ email: ticket.subject! }, { subscribed: false });
    return 'You get no more newsletters.'; // no stamp: pressed again, the button says the same
  }
}
