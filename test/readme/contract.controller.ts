import { Controller, Get, Post, Req, UseGuards, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, Ticket } from 'nestjs-ticketoffice';
import type { WithUser } from './logged-in.guard.js';
import { OwnTicketGuard } from './own-ticket.guard.js';

@Controller('contract')
export class ContractController {
  @Get() // for members, by the guard of the whole app
  read(@Req() { user }: WithUser) {
    return `The contract of ${user!.id}`;
  }

  @Get('offer') // for every guest with the link
  @InvitationRequired('contract', 'read')
  offer(@Invitation() ticket: Ticket) {
    return `An offer to ${ticket.subject}`;
  }

  @Post('signature') // for the ticket's own member
  @InvitationRequired('contract', 'sign', { credentials: ['body'] })
  @UseGuards(OwnTicketGuard) // below: it comes first, before `guest` makes a user of a guest
  @UseInterceptors(StampInvitation)
  sign(@Req() { user }: WithUser) {
    return `Signed by ${user!.id}`;
  }
}
