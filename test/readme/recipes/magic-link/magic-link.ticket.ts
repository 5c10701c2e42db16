import { IsUUID } from 'class-validator';
import { defineTicket } from 'nestjs-ticketoffice';

class Asked {
  @IsUUID()
  browser!: string; // that asked for the link: a random name, kept in its session
}

/** Its subject is the account's id. */
export const MagicLink = defineTicket({
  place: 'account',
  purpose: 'log in',
  path: '/log-in/link',
  data: Asked,
  expiresIn: '10m',
  confirm: true, // the page with the button, though the handler has no stamp: it redeems the ticket itself
});
