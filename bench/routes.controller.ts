import { Controller, Get, Headers, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import { ByHand } from './by-hand.js';
import { answerTo, FIRST_NAME, PLACE, PURPOSE } from './settings.js';

type Guest = { firstName: string };

/** The measured routes. */
@Controller()
export class RoutesController {
  constructor(private readonly byHand: ByHand) {}

  @Get('ours')
  @InvitationRequired(PLACE, PURPOSE)
  @UseInterceptors(StampInvitation)
  ours(@Invitation() ticket: Ticket<Guest>) {
    return answerTo(ticket.data.firstName);
  }

  @Get('by-hand')
  redeemByHand(@Headers('authorization') authorization?: string) {
    return this.byHand.redeem(authorization, (data) => answerTo((data as Guest).firstName));
  }

  /** The cost of Nest, Express and HTTP alone. */
  @Get('unguarded')
  unguarded() {
    return answerTo(FIRST_NAME);
  }
}
