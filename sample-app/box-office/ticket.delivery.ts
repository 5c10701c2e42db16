import { Injectable } from '@nestjs/common';
import { type Credentials, type Ticket, TicketService } from 'nestjs-ticketoffice';
import QRCode from 'qrcode';
import { configuration } from '../configuration.js';
import type { Errand } from './errand.catalogue.js';
import { ticketView } from './ticket.view.js';

/** How a new ticket gets to its guest: by a link that holds the secret, or by a code and an address to type it at. */
@Injectable()
export class TicketDelivery {
  constructor(private readonly tickets: TicketService) {}

  /** What views/issued.hbs shows: the only time that the secret can be shown. */
  async show(errand: Errand, ticket: Ticket, credentials: Credentials) {
    const { path, byCode } = errand;
    const shown = byCode ? codeAt(path, credentials) : { link: this.tickets.url(path, credentials) };
    return { ticket: ticketView(ticket), path, ...shown, qrCode: await qrCode(Object.values(shown)[0]!) };
  }
}

/** The address first: it is what a phone can read from the QR code. */
const codeAt = (path: string, { uuid, password }: Credentials) => ({
  address: new URL(`${path}/${uuid}`, configuration.baseUrl).href,
  code: inGroups(password),
});

/** Groups of four: what people can keep in mind while they type. */
const inGroups = (code: string): string => code.replaceAll(/.{4}(?=.)/g, '$& ');

const qrCode = (text: string): Promise<string> =>
  QRCode.toString(text, { type: 'svg', margin: 2, width: 220 });
