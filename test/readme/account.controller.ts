import { Body, Controller, Post, UseInterceptors } from '@nestjs/common';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  Ticket,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { Account } from './account.entity.js';

@Controller('account')
export class AccountController {
  @Post('email')
  @InvitationRequired('account', 'confirm address')
  @UseInterceptors(StampInTransaction) // the stamp, and what is written through the manager: both or neither
  async confirm(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Body('email') email: string,
  ) {
    await manager.update(Account, { id: ticket.subject! }, { email });
    return 'Thank you';
  }
}
