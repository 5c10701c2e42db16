import {
  Body,
  ConflictException,
  Controller,
  Get,
  GoneException,
  HttpCode,
  Post,
  UseFilters,
  UseGuards,
  UseInterceptors,
  ValidationPipe,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  TicketErrorsFilter,
  type TicketOf,
  TicketService,
} from 'nestjs-ticketoffice';
import { EntityManager, Repository } from 'typeorm';
import { Account } from '../account.entity.js';
import { CurrentAccount, LoggedInGuard } from '../log-in.js';
import { Mail } from '../mail.js';
import { PasswordReset } from '../password-reset/password-reset.ticket.js';
import { AddressChange, AddressForm, AddressUndo } from './address.tickets.js';

@Controller('account/address')
@UseFilters(TicketErrorsFilter) // a second change while the link to undo the first is valid: 409 rather than 500
export class AddressController {
  constructor(
    @InjectRepository(Account) private readonly accounts: Repository<Account>,
    private readonly tickets: TicketService,
    private readonly mail: Mail,
  ) {}

  @Post()
  @HttpCode(202)
  @UseGuards(LoggedInGuard)
  async change(@CurrentAccount() id: string, @Body(new ValidationPipe()) { email: to }: AddressForm) {
    if ((await this.tickets.count(AddressUndo, { subject: id, status: 'valid' })) > 0)
      throw new ConflictException('Your address has been changed within the last seven days.');
    const { email: from } = await this.accounts.findOneByOrFail({ id });
    const { credentials } = await this.tickets.issue(AddressChange, { subject: id, data: { from, to } });
    await this.mail.send(to, this.tickets.url(AddressChange, credentials));
    return 'Open the link that was sent to your new address.';
  }

  @Get()
  @InvitationRequired(AddressChange)
  async confirm(@Invitation() admitted: TicketOf<typeof AddressChange>) {
    const { from, to } = admitted.data;
    const undo = await this.tickets.redeem(admitted, AddressChange, async (ticket, manager) => {
      const id = ticket.subject!;
      await assertFree(manager, to);
      const { affected } = await manager.update(Account, { id, email: from }, { email: to });
      if (affected !== 1) throw new GoneException('Your account has changed meanwhile: ask again.');
      await this.tickets.revokeAll(PasswordReset, { subject: id }, manager); // sent to the old address
      return this.tickets.issue(AddressUndo, { subject: id, data: { from, to } }, manager);
    });
    const link = this.tickets.url(AddressUndo, undo.credentials);
    await this.mail.send(from, `Your address is ${to} from now on. If that was not you: ${link}`); // after the commit
    return 'Your new address is confirmed.';
  }

  @Get('undo')
  @InvitationRequired(AddressUndo)
  @UseInterceptors(StampInTransaction)
  async undo(
    @Invitation() ticket: TicketOf<typeof AddressUndo>,
    @InvitationManager() manager: EntityManager,
  ) {
    const id = ticket.subject!;
    const { from, to } = ticket.data;
    await assertFree(manager, from);
    const old = { email: from, password: '' }; // no password: a thief may have chosen the one that is there
    const { affected } = await manager.update(Account, { id, email: to }, old);
    if (affected !== 1) throw new GoneException('Your account has changed meanwhile.');
    await manager.increment(Account, { id }, 'sessionVersion', 1); // ends its sessions,
    await this.tickets.revokeAll({ place: 'account', subject: id }, manager); // and links sent to the other address
    return 'Your address is the old one again. Now ask for another password.';
  }
}

async function assertFree(manager: EntityManager, email: string) {
  if (await manager.existsBy(Account, { email }))
    throw new ConflictException('Another account has this address by now.');
}
