import {
  BadRequestException,
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
import { IsOptional, Length } from 'class-validator';
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
import { CurrentAccount } from '../log-in.js';
import { Member } from '../member.entity.js';
import { hashOf } from '../password.hash.js';
import { TeamInvitation } from './team-invitation.ticket.js';

class JoinForm {
  @IsOptional()
  @Length(12, 200)
  secret?: string;
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

@Controller('team/join')
@InvitationRequired(TeamInvitation)
export class JoinController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(@Invitation() ticket: Ticket, @CurrentAccount() account?: string) {
    const fields = `
        <label>Account: <input autocomplete="username" value="${escape(ticket.subject!)}" readonly></label>
        <label>Password: <input type="password" name="secret" autocomplete="new-password"></label>`;
    return `<!doctype html><html lang="en"><title>Join the team</title>
      <form method="post">
        <input type="hidden" name="ticket-uuid" value="${ticket.uuid}">${account === undefined ? fields : ''}
        <button>Join</button>
      </form>`;
  }

  @Post()
  @UseInterceptors(StampInTransaction)
  @Redirect('/team', 303)
  async join(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Body(new ValidationPipe({ transform: true })) { secret }: JoinForm,
    @CurrentAccount() loggedIn?: string,
  ) {
    const account = loggedIn ?? (await newAccount(manager, ticket.subject!, secret));
    if (await manager.existsBy(Member, { account })) throw new ConflictException('You are a member already.');
    await manager.insert(Member, { account });
  }
}

async function newAccount(manager: EntityManager, email: string, secret?: string) {
  if (await manager.existsBy(Account, { email }))
    throw new ConflictException('You have an account already: log in, and open the link again.');
  if (secret === undefined) throw new BadRequestException('Choose a password of at least 12 characters.');
  const id = randomUUID();
  await manager.insert(Account, { id, email, password: await hashOf(secret) });
  return id;
}
