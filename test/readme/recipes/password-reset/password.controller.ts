import {
  Body,
  Controller,
  Get,
  GoneException,
  Header,
  Post,
  Redirect,
  UseInterceptors,
  ValidationPipe,
} from '@nestjs/common';
import { Length } from 'class-validator';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  Ticket,
  TicketService,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { Account } from '../account.entity.js';
import { hashOf } from '../password.hash.js';
import { PasswordReset } from './password-reset.ticket.js';

class PasswordForm {
  @Length(12, 200, { message: 'At least 12 characters, please.' })
  secret!: string;
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

@Controller('account/password')
@InvitationRequired(PasswordReset) // for both handlers
export class PasswordController {
  constructor(private readonly tickets: TicketService) {}

  @Get() // the link opens this form, as often as the guest likes: it has no stamp
  @Header('Content-Type', 'text/html; charset=utf-8')
  form(@Invitation() ticket: Ticket<{ email: string }>) {
    return `<!doctype html><html lang="en"><title>A new password</title>
      <form method="post">
        <input type="hidden" name="ticket-uuid" value="${ticket.uuid}">
        <label>Account: <input autocomplete="username" value="${escape(ticket.data.email)}" readonly></label>
        <label>New password: <input type="password" name="secret" autocomplete="new-password"></label>
        <button>Save</button>
      </form>`; // ticket-uuid: for this ticket, even if another link is opened before the form is sent
  }

  @Post()
  @UseInterceptors(StampInTransaction) // the stamp, and what is written through the manager: both or neither
  @Redirect('/log-in', 303)
  async change(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Body(new ValidationPipe()) { secret }: PasswordForm, // refused: the ticket stays as it was
  ) {
    const id = ticket.subject!;
    const { affected } = await manager.update(Account, { id }, { password: await hashOf(secret) });
    if (affected !== 1) throw new GoneException('There is no such account any more.');
    await manager.increment(Account, { id }, 'sessionVersion', 1); // ends the sessions of the account
    await this.tickets.revokeAll(PasswordReset, { subject: id }, manager); // its other links
  }
}
