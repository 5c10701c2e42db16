import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { TicketService } from 'nestjs-ticketoffice';
import type { DataSource } from 'typeorm';
import { type Offer, offerOf, keyOf } from './offer.catalogue.js';
import { guestsOf, type ListedGuest } from './guest-list.js';
import type { GuestListForm } from './guest-list.form.js';
import type { IssueForm } from './issue.form.js';
import { lives, type OfferForm } from './offer.form.js';
import type { SentTicket } from './sent-tickets.csv.js';
import { TicketDelivery } from './ticket.delivery.js';

/** Issues and reissues tickets. */
@Injectable()
export class BoxOfficeService {
  constructor(
    private readonly tickets: TicketService,
    private readonly delivery: TicketDelivery,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  /** Issues a ticket, and returns what the page shows of it. */
  async issue({ guest, offer: key, expires, secret, password }: IssueForm) {
    const offer = offerOf(key)!;
    const { ticket, credentials } = await this.tickets.issue({
      ...ticketFor(offer, { name: guest }, expires),
      ...(secret === 'chosen' && { password }),
    });
    return this.delivery.show(offer, ticket, credentials);
  }

  /** Issues a ticket to each guest of a list, in one transaction: to all of them, or to none. */
  async issueAll({ guests, offer: key, expires }: GuestListForm): Promise<SentTicket[]> {
    const offer = offerOf(key)!;
    const inputs = guestsOf(guests).map((guest) => ticketFor(offer, guest, expires));
    return this.dataSource.transaction(async (manager) => {
      const sent: SentTicket[] = [];
      for (const input of inputs) {
        const { ticket, credentials } = await this.tickets.issue(input, manager);
        const { subject, data } = ticket;
        sent.push({ guest: data.firstName, subject, ...this.delivery.send(offer, credentials) });
      }
      return sent;
    });
  }

  /** Gives a ticket a new secret; one that has expired also gets the life of a new ticket. */
  async reissue(uuid: string) {
    const found = await this.tickets.find(uuid);
    const offer = found && offerOf(keyOf(found));
    if (!offer) throw new NotFoundException();
    const input = found.expired ? { expiresIn: lifeAgain(offer) } : {};
    const { ticket, credentials } = await this.tickets.reissue(uuid, input);
    return this.delivery.show(offer, ticket, credentials);
  }
}

/** What to issue for an offer. */
const ticketFor = (offer: Offer, { name, subject }: ListedGuest, expires?: OfferForm['expires']) => ({
  place: offer.place,
  purpose: offer.purpose,
  subject: subject ?? offer.subject?.(name),
  data: { firstName: name },
  expiresIn: expires ? lives[expires] : offer.life,
  ...(offer.byCode && { password: { digits: 8 } }),
});

/** Codes have no `life` here: `issue()` has a default for them, `reissue()` has none. */
const lifeAgain = ({ life }: Offer) => life ?? lives['10 minutes'];
