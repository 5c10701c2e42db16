import { UseFilters, UseInterceptors } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Invitation, InvitationRequired, StampInvitation, Ticket } from 'nestjs-ticketoffice';
import { messageRequest } from './message.request.js';
import { RefusalFilter } from './refusal.filter.js';

@WebSocketGateway({ path: '/door' })
@UseFilters(RefusalFilter)
export class DoorGateway {
  @SubscribeMessage('open') // { "event": "open", "data": { "uuid": "…", "password": "…" } }
  @InvitationRequired('door', 'open', { credentials: ['body'], getRequest: messageRequest })
  @UseInterceptors(StampInvitation)
  open(@Invitation() ticket: Ticket) {
    return { event: 'opened', data: { for: ticket.subject } };
  }
}
