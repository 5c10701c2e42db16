import { Controller, Get, Render, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import type { Guest } from '../box-office/offer.catalogue.js';

/** The whole library in one handler: it requires an invitation, and the visit uses it up. */
@Controller('louvre')
export class LouvreController {
  @Get()
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  @Render('louvre')
  visit(@Invitation() ticket: Ticket<Guest>) {
    return { firstName: ticket.data.firstName };
  }
}
