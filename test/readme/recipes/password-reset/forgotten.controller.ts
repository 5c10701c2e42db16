import { Body, Controller, HttpCode, Logger, Post, ValidationPipe } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsEmail } from 'class-validator';
import { TicketService } from 'nestjs-ticketoffice';
import { Repository } from 'typeorm';
import { Account } from '../account.entity.js';
import { Mail } from '../mail.js';
import { ThrottleRoute } from '../throttle-route.js';
import { PasswordReset } from './password-reset.ticket.js';

class ForgottenForm {
  @IsEmail()
  email!: string;
}

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
  @ThrottleRoute(10)
  forgotten(@Body(new ValidationPipe()) { email }: ForgottenForm) {
    // Not awaited: neither an account nor a mail server that is slow or down shows in the answer.
    void this.sendLink(email).catch((error) => this.logger.error('No link was sent', error));
    return 'If there is such an account, a link is on its way.';
  }

  private async sendLink(address: string) {
    const account = await this.accounts.findOneBy({ email: address });
    if (!account) return;
    const { id: subject, email } = account;
    if ((await this.tickets.count(PasswordReset, { subject, status: 'valid' })) >= 3) return;
    const { credentials } = await this.tickets.issue(PasswordReset, { subject, data: { email } });
    await this.mail.send(email, this.tickets.url(PasswordReset, credentials));
  }
}
