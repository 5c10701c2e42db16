import { Body, Controller, Get, Header, HttpCode, Post, Render, UseInterceptors } from '@nestjs/common';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  type Ticket,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { POSTED_WITH_ITS_ORIGIN } from '../site/form.origin.js';
import { formAgain, readForm } from '../site/form.reader.js';
import { AccountService } from './account.service.js';
import { PasswordForm } from './password.form.js';

/** A new password for those who forgot theirs: the form may be opened often, the password is changed once. */
@Controller('account/password')
export class PasswordController {
  constructor(private readonly accounts: AccountService) {}

  /** To look costs nothing. */
  @Get()
  @Header(...POSTED_WITH_ITS_ORIGIN)
  @InvitationRequired('account', 'reset-password')
  @Render('account/password')
  form(@Invitation() ticket: Ticket) {
    return { account: ticket.subject };
  }

  /**
   * The new password and the stamp are written in one transaction: both, or neither. A password that is refused throws,
   * and what throws leaves the ticket usable.
   */
  @Post()
  @HttpCode(200)
  @Header(...POSTED_WITH_ITS_ORIGIN) // on the form to fill in again, too
  @InvitationRequired('account', 'reset-password')
  @UseInterceptors(StampInTransaction)
  @Render('account/changed')
  async change(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Body() body: unknown,
  ) {
    const account = ticket.subject!;
    const { password } = await readForm(PasswordForm, body).catch((error: unknown) => {
      throw formAgain(error, 'account/password', { account });
    });
    await this.accounts.setPassword(account, password, manager);
    return { account };
  }
}
