import { Controller, UseFilters, UseInterceptors } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Invitation, InvitationRequired, StampInvitation, Ticket } from 'nestjs-ticketoffice';
import { messageRequest } from './message.request.js';
import { RefusedMessageFilter } from './refused-message.filter.js';

@Controller()
@UseFilters(RefusedMessageFilter)
export class DoorMessages {
  @MessagePattern('door.open') // client.send('door.open', { uuid, password })
  @InvitationRequired('door', 'open', { credentials: ['body'], getRequest: messageRequest })
  @UseInterceptors(StampInvitation)
  open(@Invitation() ticket: Ticket) {
    return { openedFor: ticket.subject };
  }
}
