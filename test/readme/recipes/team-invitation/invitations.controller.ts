import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  UseFilters,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { IsEmail, MaxLength } from 'class-validator';
import { type IssuedTicket, TicketErrorsFilter, TicketService } from 'nestjs-ticketoffice';
import { LoggedInGuard } from '../log-in.js';
import { Mail } from '../mail.js';
import { TeamInvitation } from './team-invitation.ticket.js';

class InvitationForm {
  @IsEmail()
  @MaxLength(191)
  email!: string;
}

@Controller('team/invitations')
@UseGuards(LoggedInGuard) // and one that looks whether they may invite
@UseFilters(TicketErrorsFilter) // an invitation that stands or is over by now: 409 rather than 500
export class InvitationsController {
  constructor(
    private readonly tickets: TicketService,
    private readonly mail: Mail,
  ) {}

  @Get()
  async pending() {
    const pending = await this.tickets.list(TeamInvitation, {
      status: 'valid',
      order: 'newest',
      limit: 1000,
    });
    return pending.map(({ uuid, subject, expiresAt }) => ({ uuid, email: subject, expiresAt }));
  }

  @Post()
  async invite(@Body(new ValidationPipe()) { email }: InvitationForm) {
    await this.send(await this.tickets.issue(TeamInvitation, { subject: email }));
  }

  @Post(':uuid/resend')
  @HttpCode(204)
  async resend(@Param('uuid') uuid: string) {
    await this.assertInvitation(uuid);
    await this.send(await this.tickets.reissue(uuid, { expiresIn: '7d' })); // the link before is dead
  }

  @Delete(':uuid')
  @HttpCode(204)
  async revoke(@Param('uuid') uuid: string) {
    await this.assertInvitation(uuid);
    await this.tickets.revoke(uuid);
  }

  private async send({ ticket, credentials }: IssuedTicket) {
    await this.mail.send(ticket.subject!, this.tickets.url(TeamInvitation, credentials));
  }

  /** Otherwise, they could send and revoke tickets for anything, such as a password reset. */
  private async assertInvitation(uuid: string) {
    const ticket = await this.tickets.find(uuid);
    if (!ticket?.isAppropriate(TeamInvitation)) throw new NotFoundException();
  }
}
