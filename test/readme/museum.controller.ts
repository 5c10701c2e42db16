import { Body, Controller, Get, Header, Post, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, Ticket, TicketService } from 'nestjs-ticketoffice';

@Controller()
export class MuseumController {
  constructor(private readonly tickets: TicketService) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit') // only for guests who hold such a ticket,
  @UseInterceptors(StampInvitation) // which is used up once the handler has succeeded
  @Header('Content-Type', 'text/plain; charset=utf-8') // Express would send HTML: a name could hold a script
  visit(@Invitation() ticket: Ticket<{ firstName: string }>) {
    return `Welcome to the Louvre museum ${ticket.data.firstName}`;
  }

  @Post('invitations') // yours to protect; mail the link rather than return it
  async invite(@Body('firstName') firstName: string) {
    const { credentials } = await this.tickets.issue({
      place: 'louvre',
      purpose: 'visit',
      data: { firstName },
      expiresIn: '5d',
    });
    return this.tickets.url('/louvre', credentials); // http://localhost:3000/louvre?uuid=…&password=…
  }
}
