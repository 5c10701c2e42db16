import { Controller, HttpCode, type INestApplication, Post, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, Ticket, TicketService } from 'nestjs-ticketoffice';

/** Lets the scripts of these origins call the API: to be called before the app listens. */
export function allowScripts(app: INestApplication, origin: string[]): void {
  app.enableCors({ origin, credentials: true, exposedHeaders: ['Retry-After'] });
}

@Controller('turnstile')
export class TurnstileController {
  constructor(private readonly tickets: TicketService) {}

  @Post('codes') // yours to protect
  async issue() {
    const code = { place: 'turnstile', purpose: 'enter', password: { digits: 8 } } as const;
    const { uuid, password } = (await this.tickets.issue(code)).credentials;
    return { uuid, code: password }; // the uuid for the page, the code by another way
  }

  @Post()
  @HttpCode(200)
  @InvitationRequired('turnstile', 'enter', { credentials: ['body'] })
  @UseInterceptors(StampInvitation)
  enter(@Invitation() ticket: Ticket) {
    return { entered: ticket.uuid };
  }
}
