import { BadRequestException, Body, Controller, Get, Header, Post, UseInterceptors } from '@nestjs/common';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  Ticket,
  TicketService,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { Account } from './account.entity.js';
import { hashOf } from './password.hash.js';

@Controller('account/password')
@InvitationRequired('account', 'reset password') // for both handlers
export class AccountController {
  constructor(private readonly tickets: TicketService) {}

  @Get() // the link opens this form, as often as the guest likes: it has no stamp
  @Header('Content-Type', 'text/html; charset=utf-8')
  form(@Invitation() ticket: Ticket) {
    return `<form method="post">
      <input type="hidden" name="ticket-uuid" value="${ticket.uuid}">
      New password: <input type="password" name="secret"> <button>Save</button>
    </form>`; // ticket-uuid: for this ticket, even if another link is opened before the form is sent
  }

  @Post()
  @UseInterceptors(StampInTransaction) // the stamp, and what is written through the manager: both or neither
  async change(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Body('secret') secret: unknown,
  ) {
    if (typeof secret !== 'string' || secret.length < 12)
      throw new BadRequestException('At least 12 characters, please.'); // the ticket stays as it was
    const { place, purpose, subject } = ticket;
    await manager.update(Account, { id: subject! }, { password: await hashOf(secret) });
    await this.tickets.revokeAll({ place, purpose, subject: subject! }, manager); // the account's other links
    return 'Your password has been changed.';
  }
}
