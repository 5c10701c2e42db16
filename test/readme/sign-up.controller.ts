import { ConflictException, Controller, Get, Redirect, UseInterceptors } from '@nestjs/common';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  Ticket,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { Account } from './account.entity.js';
import { LogIn } from './log-in.interceptor.js';

@Controller('account')
export class SignUpController {
  @Get('sign-up')
  @InvitationRequired('account', 'sign up')
  @UseInterceptors(LogIn, StampInTransaction) // in this order: logged in once the account is committed
  @Redirect('/account')
  async signUp(@Invitation() ticket: Ticket, @InvitationManager() manager: EntityManager) {
    const email = ticket.subject!;
    if (await manager.existsBy(Account, { email }))
      throw new ConflictException('You have an account already.');
    await manager.insert(Account, { id: ticket.uuid, email });
    return ticket.uuid;
  }
}
