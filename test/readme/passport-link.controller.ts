import { promisify } from 'node:util';
import { Controller, Get, Redirect, Req, UseInterceptors } from '@nestjs/common';
import type { Request } from 'express';
import { Invitation, InvitationRequired, StampInvitation, Ticket } from 'nestjs-ticketoffice';

@Controller('account')
export class PassportLinkController {
  @Get('log-in')
  @InvitationRequired('account', 'log in')
  @UseInterceptors(StampInvitation)
  @Redirect('/account')
  async logIn(@Invitation() ticket: Ticket, @Req() request: Request) {
    const logIn = promisify((user: Express.User, done: (error: unknown) => void) =>
      request.logIn(user, done),
    );
    await logIn({ id: ticket.subject! }); // Passport gives the session a new id, and stores it
  }
}
