import { Body, Controller, Get, HttpStatus, Post, Redirect, Render, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExcludeEndpoint } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  type Ticket,
  TicketService,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { asFormError, readForm } from '../site/form.reader.js';
import { AccountService } from './account.service.js';
import { PasswordForm } from './password.form.js';

/** A password reset: the form may be opened often, the password is changed once. */
@Controller('account/password')
export class PasswordController {
  constructor(
    private readonly accounts: AccountService,
    private readonly tickets: TicketService,
  ) {}

  /** No stamp: looking at the form uses nothing up. */
  @Get()
  @InvitationRequired('account', 'reset-password')
  @Render('account/password')
  form(@Invitation() ticket: Ticket) {
    return { account: ticket.subject, ticket: ticket.uuid };
  }

  /**
   * The new password and the stamp are written in one transaction: both, or neither. A rejected password throws, which
   * leaves the ticket usable. Success redirects to a page of its own: neither a reload nor the back button sends the
   * form again. Every other link of the account is revoked with it.
   */
  @Post()
  @InvitationRequired('account', 'reset-password')
  @UseInterceptors(StampInTransaction)
  @Redirect('/account/password/changed', HttpStatus.SEE_OTHER)
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: PasswordForm })
  async change(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Body() body: unknown,
  ): Promise<void> {
    const account = ticket.subject!;
    const { password } = await readForm(PasswordForm, body).catch((error: unknown) => {
      throw asFormError(error, 'account/password', { account, ticket: ticket.uuid });
    });
    await this.accounts.setPassword(account, password, manager);
    const { place, purpose } = ticket;
    await this.tickets.revokeAll({ place, purpose, subject: account }, manager);
  }

  /** Without a ticket, which is used up by then; so the page cannot name the account. */
  @Get('changed')
  @ApiExcludeEndpoint()
  @SkipThrottle() // no credentials are shown here
  @Render('account/changed')
  changed() {
    return {};
  }
}
