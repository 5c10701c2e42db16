import { Body, Controller, HttpCode, Logger, Post } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { TicketService } from 'nestjs-ticketoffice';
import { Repository } from 'typeorm';
import { Account } from './account.entity.js';
import { Mail } from './mail.js';

@Controller('account/forgotten')
export class ForgottenController {
  private readonly logger = new Logger(ForgottenController.name);

  constructor(
    @InjectRepository(Account) private readonly accounts: Repository<Account>,
    private readonly tickets: TicketService,
    private readonly mail: Mail,
  ) {}

  @Post()
  @HttpCode(202)
  forgotten(@Body('email') email: unknown) {
    // Not awaited: neither an account nor a mail server that is slow or down shows in the answer.
    if (typeof email === 'string') {
      void this.sendLink(email).catch((error) => this.logger.error('No link was sent', error));
    }
    return 'If there is such an account, a link is on its way.';
  }

  private async sendLink(address: string) {
    const account = await this.accounts.findOneBy({ email: address });
    if (!account) return;
    const { id, email } = account;
    const ticket = { place: 'account', purpose: 'reset password', subject: id, expiresIn: '1h' } as const;
    const { credentials } = await this.tickets.issue(ticket);
    await this.mail.send(email, this.tickets.url('/account/password', credentials));
  }
}
