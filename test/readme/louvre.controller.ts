import { Body, Controller, Get, Header, Post, UseFilters, UseInterceptors } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import {
  defineTicket,
  Invitation,
  InvitationRequired,
  StampInvitation,
  TicketErrorsFilter,
  TicketService,
  type TicketOf,
} from 'nestjs-ticketoffice';

class Visitor {
  @IsString()
  @Length(1, 100)
  firstName!: string;
}

export const LouvreVisit = defineTicket({
  place: 'louvre',
  purpose: 'visit',
  data: Visitor, // or a schema of zod, valibot, arktype
  path: '/louvre',
  expiresIn: '5d',
});

@Controller()
export class LouvreController {
  constructor(private readonly tickets: TicketService) {}

  @Get('louvre')
  @InvitationRequired(LouvreVisit)
  @UseInterceptors(StampInvitation)
  @Header('Content-Type', 'text/plain; charset=utf-8')
  visit(@Invitation() ticket: TicketOf<typeof LouvreVisit>) {
    return `Welcome to the Louvre museum ${ticket.data.firstName}`;
  }

  @Post('invitations')
  @UseFilters(TicketErrorsFilter) // 400, which says why, for data that is no Visitor
  async invite(@Body() data: Visitor) {
    const { credentials } = await this.tickets.issue(LouvreVisit, { data });
    return this.tickets.url(LouvreVisit, credentials);
  }
}
