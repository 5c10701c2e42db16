import { Injectable, NotFoundException } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { type Offer, offerOf, keyOf } from './offer.catalogue.js';
import { type IssueForm, lives } from './issue.form.js';
import { TicketDelivery } from './ticket.delivery.js';

/** Issues and reissues tickets. */
@Injectable()
export class BoxOfficeService {
  constructor(
    private readonly tickets: TicketService,
    private readonly delivery: TicketDelivery,
  ) {}

  /** Issues a ticket, and returns what the page shows of it. */
  async issue({ guest, offer: key, expires, secret, password }: IssueForm) {
    const offer = offerOf(key)!;
    const { ticket, credentials } = await this.tickets.issue({
      place: offer.place,
      purpose: offer.purpose,
      subject: offer.subject?.(guest),
      data: { firstName: guest },
      expiresIn: expires ? lives[expires] : offer.life,
      ...(offer.byCode && { password: { digits: 8 } }),
      ...(secret === 'chosen' && { password }),
    });
    return this.delivery.show(offer, ticket, credentials);
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

/** Codes have no `life` here: `issue()` has a default for them, `reissue()` has none. */
const lifeAgain = ({ life }: Offer) => life ?? lives['10 minutes'];
