import { Body, Controller, HttpCode, Logger, Post, ValidationPipe } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsEmail, MaxLength } from 'class-validator';
import { TicketService } from 'nestjs-ticketoffice';
import { Repository } from 'typeorm';
import { Account } from '../account.entity.js';
import { Mail } from '../mail.js';
import { SignUp } from './sign-up.ticket.js';

class SignUpForm {
  @IsEmail()
  @MaxLength(191)
  email!: string;
}

@Controller('sign-up')
export class SignUpController {
  private readonly logger = new Logger(SignUpController.name);

  constructor(
    @InjectRepository(Account) private readonly accounts: Repository<Account>,
    private readonly tickets: TicketService,
    private readonly mail: Mail,
  ) {}

  @Post()
  @HttpCode(202)
  signUp(@Body(new ValidationPipe()) { email }: SignUpForm) {
    // Not awaited, so that the answer is the same, and as fast, for an address that has an account.
    void this.answer(email).catch((error) => this.logger.error('No mail was sent', error));
    return 'Open the link that is on its way to you.';
  }

  private async answer(email: string) {
    if (await this.accounts.existsBy({ email }))
      return this.mail.send(
        email,
        'You have an account already. If you forgot its password, ask for another.',
      );
    const { credentials } = await this.tickets.issue(SignUp, { subject: email });
    return this.mail.send(email, this.tickets.url(SignUp, credentials));
  }
}
