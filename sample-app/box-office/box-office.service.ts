import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { type Offer, offerOf, keyOf } from './offer.catalogue.js';
import { type IssueForm, lives } from './issue.form.js';
import { TicketDelivery } from './ticket.delivery.js';
import { BlockedTickets } from './blocked-tickets.js';

/** Issues and reissues tickets. */
@Injectable()
export class BoxOfficeService {
  constructor(
    private readonly tickets: TicketService,
    private readonly delivery: TicketDelivery,
    private readonly blocked: BlockedTickets,
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
    await this.assertNotLocked(found.uuid);
    const input = found.expired ? { expiresIn: lifeAgain(offer) } : {};
    const { ticket, credentials } = await this.tickets.reissue(uuid, input);
    return this.delivery.show(offer, ticket, credentials);
  }

  /** The library would reissue it, but the new code would be locked, too. */
  private async assertNotLocked(uuid: string): Promise<void> {
    const { locked } = await this.blocked.find();
    if (locked.has(uuid))
      throw new ConflictException(
        'This ticket is locked, and a new code for it would be locked, too. Issue a new ticket.',
      );
  }
}

/** Codes have no `life` here: `issue()` has a default for them, `reissue()` has none. */
const lifeAgain = ({ life }: Offer) => life ?? lives['10 minutes'];
