import { Controller, Get, Render, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import type { Guest } from '../box-office/errand.catalogue.js';

/** The whole of the library on one page: an invitation is required, and used up by the visit. */
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
