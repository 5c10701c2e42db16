import { inspect } from 'node:util';
import {
  All,
  Controller,
  Get,
  HttpException,
  Logger,
  Post,
  UnprocessableEntityException,
  UseInterceptors,
} from '@nestjs/common';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { writeVisit } from '../support/visits.js';

/** What an app does with tickets, and what can go wrong there; it logs and answers whatever it is given. */
@Controller()
export class RoomsController {
  private readonly logger = new Logger('Rooms');

  @All('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: Ticket) {
    this.logger.log('A visitor', ticket);
    return { ticket };
  }

  @Get('hall')
  @InvitationRequired('louvre', 'visit')
  look(@Invitation() ticket: Ticket) {
    return inspect(ticket, { showHidden: true });
  }

  @Post('desk')
  @InvitationRequired('louvre', 'visit', { credentials: ['body'] })
  receive(@Invitation() ticket: Ticket) {
    return ticket;
  }

  @All('vault')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  async open(@Invitation() ticket: Ticket, @InvitationManager() manager: EntityManager) {
    await writeVisit(manager, ticket.uuid);
    return ticket;
  }

  @All('stairs')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  fall(@Invitation() ticket: Ticket): never {
    throw Object.assign(new Error(`Fell with ${inspect(ticket, { showHidden: true })}`), { ticket });
  }

  @All('lift')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  stick(@Invitation() ticket: Ticket): never {
    throw new UnprocessableEntityException({ ticket });
  }

  @All('window')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  break(@Invitation() ticket: Ticket): never {
    // oxlint-disable-next-line typescript/only-throw-error -- what an app may do
    throw ticket as unknown as HttpException;
  }
}
