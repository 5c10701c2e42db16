import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { Account } from '../../../readme/account.entity.js';

interface Order {
  readonly firstName: string;
  /** A human password; left out: a generated one. */
  readonly password?: string;
}

/** Issues tickets to everybody: an app protects this. */
@Controller()
export class BoxOfficeController {
  constructor(
    private readonly tickets: TicketService,
    private readonly manager: EntityManager,
  ) {}

  /** Returns what the header `Authorization` needs. */
  @Post('tickets')
  async issue(@Body() { firstName, password }: Order): Promise<string> {
    const ticket = { place: 'louvre', purpose: 'visit', data: { firstName }, password };
    const { credentials } = await this.tickets.issue(ticket);
    return `Ticket ${credentials.uuid}:${credentials.password}`;
  }

  /** Makes an account, and the link by which its guest sets its password. */
  @Post('accounts/:id')
  async register(@Param('id') id: string): Promise<string> {
    await this.manager.insert(Account, { id });
    const { credentials } = await this.tickets.issue({
      place: 'account',
      purpose: 'reset password',
      subject: id,
    });
    return this.tickets.url('/account/password', credentials);
  }

  @Get('accounts/:id')
  async account(@Param('id') id: string): Promise<Account> {
    return this.manager.findOneByOrFail(Account, { id });
  }
}
