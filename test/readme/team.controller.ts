import {
  BadRequestException,
  Body,
  ConflictException,
  Controller,
  Get,
  Post,
  Redirect,
  UseInterceptors,
} from '@nestjs/common';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  Ticket,
  TicketService,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { Member } from './member.entity.js';

@Controller('team')
export class TeamController {
  constructor(private readonly tickets: TicketService) {}

  @Post('invitations') // yours to protect
  async invite(@Body('email') email: unknown) {
    if (typeof email !== 'string' || email === '')
      throw new BadRequestException('Write the address of a guest.');
    const ticket = { place: 'team', purpose: 'join', subject: email, expiresIn: '7d' } as const;
    // Invited again, they have one link that works: the newest.
    const { credentials } = await this.tickets.issue({ ...ticket, onDuplicate: 'revoke' });
    return this.tickets.url('/team/join', credentials); // mail it to them
  }

  @Get('join') // a browser is shown the page with the button first
  @InvitationRequired('team', 'join')
  @UseInterceptors(StampInTransaction)
  @Redirect('/team')
  async join(@Invitation() ticket: Ticket, @InvitationManager() manager: EntityManager) {
    const email = ticket.subject!;
    if (await manager.existsBy(Member, { email })) throw new ConflictException('You are a member already.');
    await manager.insert(Member, { email });
  }
}
