import { Controller, Get, Post, UseInterceptors } from '@nestjs/common';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  Ticket,
  TicketService,
} from 'nestjs-ticketoffice';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';

@Entity()
export class Room {
  @PrimaryColumn()
  id!: string;

  @Column()
  guests!: number;
}

/** Handlers with each stamp, and one that injects the service. */
@Controller()
export class RoomsController {
  constructor(private readonly tickets: TicketService) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: Ticket<{ firstName?: string }>): string {
    if (ticket.subject === 'closed') throw new Error('The room is closed');
    return `Welcome ${ticket.data.firstName}`;
  }

  @Post('rooms')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  async open(@Invitation() { uuid }: Ticket, @InvitationManager() manager: EntityManager): Promise<string> {
    await manager.insert(Room, { id: uuid, guests: 1 });
    return uuid;
  }

  @Get('look')
  @InvitationRequired('louvre', 'visit')
  look(@Invitation() { uuid }: Ticket): string {
    return uuid;
  }

  @Post('tickets')
  async issue(): Promise<string> {
    return (await this.tickets.issue({ place: 'louvre', purpose: 'visit' })).ticket.uuid;
  }
}
