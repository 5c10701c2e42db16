import { Body, Controller, Get, Header, Post, UseFilters, UseInterceptors } from '@nestjs/common';
import {
  Invitation,
  InvitationRequired,
  StampInvitation,
  TicketErrorsFilter,
  type TicketOf,
  TicketService,
} from 'nestjs-ticketoffice';
import { LouvreVisit, VisitorData } from './louvre.visit.js';

@Controller()
export class VisitsController {
  constructor(private readonly tickets: TicketService) {}

  @Get('louvre')
  @InvitationRequired(LouvreVisit)
  @UseInterceptors(StampInvitation)
  @Header('Content-Type', 'text/plain; charset=utf-8')
  visit(@Invitation() ticket: TicketOf<typeof LouvreVisit>) {
    return `Welcome to the Louvre museum ${ticket.data.firstName}`; // typed: firstName is a string
  }

  @Post('invitations') // yours to protect
  @UseFilters(TicketErrorsFilter) // 400, which says why, for data that is no VisitorData
  async invite(@Body() data: VisitorData) {
    const { credentials } = await this.tickets.issue(LouvreVisit, { data });
    return this.tickets.url(LouvreVisit, credentials);
  }
}
