import { Controller, Get, Param, Post } from '@nestjs/common';
import { Invitation, InvitationRequired, TicketService } from 'nestjs-ticketoffice';
import { MuseumTicket } from './museum.ticket.js';

@Controller()
export class GalleriesController {
  constructor(private readonly tickets: TicketService<MuseumTicket>) {}

  @Post('galleries/:gallery/invitations') // yours to protect
  async invite(@Param('gallery') gallery: string) {
    const visit = { place: 'louvre', purpose: 'visit' };
    const { credentials } = await this.tickets.issue({ ...visit, gallery, persons: 2 });
    return this.tickets.url('/louvre', credentials);
  }

  @Get('galleries/:gallery/guests') // yours to protect
  async guests(@Param('gallery') gallery: string) {
    const tickets = await this.tickets.list({ gallery, status: 'valid' });
    return tickets.map(({ uuid, persons }) => ({ uuid, persons }));
  }

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  visit(@Invitation() ticket: MuseumTicket) {
    return ticket.label;
  }
}
