import {
  Body,
  ConflictException,
  Controller,
  Get,
  GoneException,
  Post,
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
import { EntityManager, Not } from 'typeorm';
import { Account } from './account.entity.js';
import { Mail } from './mail.js';

@Controller('account/address')
export class AddressController {
  constructor(
    private readonly tickets: TicketService,
    private readonly mail: Mail,
  ) {}

  @Post() // yours to protect: `id` is the account that is logged in
  async change(@Body('id') id: string, @Body('email') email: string) {
    const ticket = { place: 'account', purpose: 'confirm address', subject: id, data: { email } };
    // The last address that they have asked for is the one: an earlier link confirms no other any more.
    const { credentials } = await this.tickets.issue({ ...ticket, onDuplicate: 'revoke' });
    await this.mail.send(email, this.tickets.url('/account/address', credentials)); // to the new address
    return 'Open the link that was sent to your new address.';
  }

  @Get() // a browser is shown the page with the button first
  @InvitationRequired('account', 'confirm address')
  @UseInterceptors(StampInTransaction)
  async confirm(
    @Invitation() ticket: Ticket<{ email: string }>,
    @InvitationManager() manager: EntityManager,
  ) {
    const id = ticket.subject!;
    const { email } = ticket.data;
    if (await manager.existsBy(Account, { email, id: Not(id) }))
      throw new ConflictException('Another account has this address by now.');
    const { affected } = await manager.update(Account, { id }, { email });
    if (affected !== 1) throw new GoneException('There is no such account any more.');
    return 'Your address is confirmed.';
  }
}
