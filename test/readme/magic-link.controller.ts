import { Controller, Get, Redirect, Req, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, Ticket } from 'nestjs-ticketoffice';
import { logIn, type WithSession } from './session.log-in.js';

@Controller('account')
export class MagicLinkController {
  @Get('log-in') // a browser is shown the page with the button first, so that no mail scanner logs in
  @InvitationRequired('account', 'log in')
  @UseInterceptors(StampInvitation)
  @Redirect('/account')
  async logIn(@Invitation() ticket: Ticket, @Req() request: WithSession) {
    await logIn(request, ticket.subject!); // a session that cannot be stored: 500, and the link works again
  }
}
