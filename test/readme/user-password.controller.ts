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
import { hashOf } from './password.hash.js';
import { User } from './user.entity.js';

@Controller('account/password')
@InvitationRequired('account', 'reset password')
export class UserPasswordController {
  constructor(private readonly tickets: TicketService) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  form(@Invitation() ticket: Ticket) {
    return `<form method="post">
      <input type="hidden" name="ticket-uuid" value="${ticket.uuid}">
      New password: <input type="password" name="secret"> <button>Save</button>
    </form>`;
  }

  @Post()
  @UseInterceptors(StampInTransaction)
  async change(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Body('secret') secret: unknown,
  ) {
    if (typeof secret !== 'string' || secret.length < 12)
      throw new BadRequestException('At least 12 characters, please.');
    const { place, purpose, subject } = ticket;
    const ended = { resetTokenHash: null, resetTokenExpiresAt: null }; // until the columns are gone
    await manager.update(User, { id: subject! }, { password: await hashOf(secret), ...ended });
    await this.tickets.revokeAll({ place, purpose, subject: subject! }, manager); // the user's other links
    return 'Your password has been changed.';
  }
}
