import { Controller, Get, Header, Param, ParseUUIDPipe, Post, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInvitation, TicketService } from 'nestjs-ticketoffice';

@Controller('door')
export class DoorController {
  constructor(private readonly tickets: TicketService) {}

  @Post('codes') // yours to protect
  async issue() {
    const code = { place: 'door', purpose: 'open', password: { digits: 8 } } as const;
    const { credentials } = await this.tickets.issue(code);
    return { page: `/door/${credentials.uuid}`, code: credentials.password }; // send the code by another way
  }

  @Get(':uuid') // not guarded: the uuid only names the ticket, the code is what opens
  @Header('Content-Type', 'text/html; charset=utf-8')
  form(@Param('uuid', ParseUUIDPipe) uuid: string) {
    return `<form method="post" action="../door">
      <input type="hidden" name="uuid" value="${uuid}">
      <label>Code: <input name="password" inputmode="numeric" autocomplete="one-time-code"></label>
      <button>Open</button>
    </form>`;
  }

  @Post()
  @InvitationRequired('door', 'open', { credentials: ['body'] }) // in the body, too: the form's two fields
  @UseInterceptors(StampInvitation)
  open() {
    return 'The door is open.';
  }
}
