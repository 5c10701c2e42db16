import { Injectable } from '@nestjs/common';
import { type Credentials, type Ticket, TicketService } from 'nestjs-ticketoffice';
import QRCode from 'qrcode';
import { configuration } from '../configuration.js';
import { isLoopback } from '../site/loopback.js';
import type { Offer } from './offer.catalogue.js';
import { ticketView } from './ticket.view.js';

/** How a new ticket gets to its guest: by a link that holds the secret, or by a code and an address to type it at. */
@Injectable()
export class TicketDelivery {
  constructor(private readonly tickets: TicketService) {}

  /** What the guest is sent: the link; or the door's address, and the code to type there. */
  send({ path, byCode }: Offer, credentials: Credentials): { address: string; code?: string } {
    return byCode
      ? { address: doorOf(path, credentials), code: inGroups(credentials.password) }
      : { address: this.tickets.url(path, credentials) };
  }

  /** What views/issued.hbs shows. The secret can be shown only now. */
  async show(offer: Offer, ticket: Ticket, credentials: Credentials) {
    const { address, code } = this.send(offer, credentials);
    return {
      ticket: ticketView(ticket),
      path: offer.path,
      address,
      code,
      qrCode: await qrCode(address),
      isOnlyHere: isLoopback(new URL(address).hostname),
    };
  }
}

const doorOf = (path: string, { uuid }: Credentials) =>
  new URL(`${path}/${uuid}`, configuration.baseUrl).href;

/** Groups of four digits are easier to remember while typing. */
const inGroups = (code: string): string => code.replaceAll(/.{4}(?=.)/g, '$& ');

const qrCode = (text: string): Promise<string> =>
  QRCode.toString(text, { type: 'svg', margin: 2, width: 220 });
