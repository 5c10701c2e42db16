import {
  Body,
  Controller,
  Get,
  Header,
  HttpStatus,
  Post,
  Redirect,
  Render,
  UseInterceptors,
} from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
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
   * and what throws leaves the ticket usable. That it is done, a page of its own
   * tells: neither a reload nor the back button sends the form again.
   */
  @Post()
  @Header(...POSTED_WITH_ITS_ORIGIN) // on the form to fill in again, too
  @InvitationRequired('account', 'reset-password')
  @UseInterceptors(StampInTransaction)
  @Redirect('/account/password/changed', HttpStatus.SEE_OTHER)
  async change(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Body() body: unknown,
  ): Promise<void> {
    const account = ticket.subject!;
    const { password } = await readForm(PasswordForm, body).catch((error: unknown) => {
      throw formAgain(error, 'account/password', { account });
    });
    await this.accounts.setPassword(account, password, manager);
  }

  /** Asks for no ticket, since that is used up by then; so it cannot say whose account it was. */
  @Get('changed')
  @SkipThrottle() // no credentials are shown here
  @Render('account/changed')
  changed() {
    return {};
  }
}
