import {
  Body,
  ConflictException,
  Controller,
  Get,
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
} from 'nestjs-ticketoffice';
import { randomUUID } from 'node:crypto';
import { EntityManager } from 'typeorm';
import { Account } from '../account.entity.js';
import { hashOf } from '../password.hash.js';
import { SignUp } from './sign-up.ticket.js';

class NewAccountForm {
  @Length(12, 200)
  secret!: string;
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

@Controller('sign-up/account')
@InvitationRequired(SignUp)
export class NewAccountController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  form(@Invitation() ticket: Ticket) {
    return `<!doctype html><html lang="en"><title>Your account</title>
      <form method="post">
        <input type="hidden" name="ticket-uuid" value="${ticket.uuid}">
        <label>Account: <input autocomplete="username" value="${escape(ticket.subject!)}" readonly></label>
        <label>Password: <input type="password" name="secret" autocomplete="new-password"></label>
        <button>Make my account</button>
      </form>`;
  }

  @Post()
  @UseInterceptors(StampInTransaction) // the account, and the stamp: both or neither
  @Redirect('/log-in', 303)
  async create(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Body(new ValidationPipe()) { secret }: NewAccountForm,
  ) {
    const email = ticket.subject!;
    if (await manager.existsBy(Account, { email }))
      throw new ConflictException('There is an account with this address by now.');
    await manager.insert(Account, { id: randomUUID(), email, password: await hashOf(secret) });
  }
}
