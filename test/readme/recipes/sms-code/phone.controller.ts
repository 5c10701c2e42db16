import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  Header,
  Param,
  ParseUUIDPipe,
  Post,
  Redirect,
  UseGuards,
  UseInterceptors,
  ValidationPipe,
} from '@nestjs/common';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  type TicketOf,
  TicketService,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { Account } from '../account.entity.js';
import { CurrentAccount, LoggedInGuard } from '../log-in.js';
import { Sms } from '../sms.js';
import { ThrottleRoute } from '../throttle-route.js';
import { PhoneCode, PhoneNumber } from './phone-code.ticket.js';

@Controller('account/phone')
@UseGuards(LoggedInGuard)
export class PhoneController {
  constructor(
    private readonly tickets: TicketService,
    private readonly sms: Sms,
  ) {}

  @Post('code') // to send another one, the same again
  @ThrottleRoute(3)
  @Redirect('', 303)
  async send(@CurrentAccount() id: string, @Body(new ValidationPipe({ whitelist: true })) data: PhoneNumber) {
    const { credentials } = await this.tickets.issue(PhoneCode, { subject: id, data });
    const code = credentials.password;
    await this.sms.send(data.number, `Your code: ${code}\n\n@museum.example #${code}`); // phones fill it in by the last line
    return { url: `/account/phone/code/${credentials.uuid}` };
  }

  @Get('code/:uuid') // not guarded by the ticket: the uuid only names it, the code is what opens
  @Header('Content-Type', 'text/html; charset=utf-8')
  form(@Param('uuid', ParseUUIDPipe) uuid: string) {
    return `<!doctype html><html lang="en"><title>Your phone</title>
      <form method="post" action="../../phone">
        <input type="hidden" name="uuid" value="${uuid}">
        <label>Code: <input name="password" inputmode="numeric" autocomplete="one-time-code"></label>
        <button>Confirm</button>
      </form>`;
  }

  @Post()
  @InvitationRequired(PhoneCode)
  @UseInterceptors(StampInTransaction)
  @Redirect('/account', 303)
  async confirm(
    @CurrentAccount() id: string,
    @Invitation() ticket: TicketOf<typeof PhoneCode>,
    @InvitationManager() manager: EntityManager,
  ) {
    if (ticket.subject !== id) throw new ForbiddenException();
    await manager.update(Account, { id }, { phone: ticket.data.number });
  }
}
