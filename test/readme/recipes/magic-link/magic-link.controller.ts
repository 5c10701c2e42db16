import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpCode,
  Logger,
  Post,
  Redirect,
  Req,
  ValidationPipe,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsEmail } from 'class-validator';
import type { Session } from 'express-session';
import { Invitation, InvitationRequired, type TicketOf, TicketService } from 'nestjs-ticketoffice';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { Repository } from 'typeorm';
import { Account } from '../account.entity.js';
import { Mail } from '../mail.js';
import { ThrottleRoute } from '../throttle-route.js';
import { MagicLink } from './magic-link.ticket.js';

class LinkForm {
  @IsEmail()
  email!: string;
}

interface WithSession {
  session: Session & { browser?: string; account?: string; version?: number };
}

@Controller('log-in/link')
export class MagicLinkController {
  private readonly logger = new Logger(MagicLinkController.name);

  constructor(
    @InjectRepository(Account) private readonly accounts: Repository<Account>,
    private readonly tickets: TicketService,
    private readonly mail: Mail,
  ) {}

  @Post()
  @HttpCode(202)
  @ThrottleRoute(10)
  ask(@Body(new ValidationPipe()) { email }: LinkForm, @Req() { session }: WithSession) {
    session.browser ??= randomUUID();
    // Not awaited: the answer is the same, and as fast, whether there is such an account or not.
    void this.sendLink(email, session.browser).catch((error) => this.logger.error('No link was sent', error));
    return 'If there is such an account, a link is on its way.';
  }

  private async sendLink(address: string, browser: string) {
    const account = await this.accounts.findOneBy({ email: address });
    if (!account) return;
    const { id: subject, email } = account;
    if ((await this.tickets.count(MagicLink, { subject, status: 'valid' })) >= 3) return;
    const { credentials } = await this.tickets.issue(MagicLink, { subject, data: { browser } });
    await this.mail.send(email, this.tickets.url(MagicLink, credentials));
  }

  @Get()
  @InvitationRequired(MagicLink)
  @Redirect('/account', 303)
  async logIn(@Invitation() ticket: TicketOf<typeof MagicLink>, @Req() request: WithSession) {
    // Leave this out, and the link opens in any browser.
    if (ticket.data.browser !== request.session.browser)
      throw new ForbiddenException('Open the link in the browser in which you have asked for it.');
    const { id, sessionVersion } = await this.tickets.redeem(ticket, MagicLink, ({ subject }, manager) =>
      manager.findOneByOrFail(Account, { id: subject! }),
    );
    const old = request.session;
    await promisify(old.regenerate.bind(old))(); // another id, against session fixation
    const session = Object.assign(request.session, { account: id, version: sessionVersion });
    await promisify(session.save.bind(session))(); // before the guest is sent on
  }
}
