import { Injectable, NotFoundException } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { type Errand, errandOf, keyOf } from './errand.catalogue.js';
import { type IssueForm, lives } from './issue.form.js';
import { TicketDelivery } from './ticket.delivery.js';

/** Issues tickets, once and again. */
@Injectable()
export class BoxOfficeService {
  constructor(
    private readonly tickets: TicketService,
    private readonly delivery: TicketDelivery,
  ) {}

  /** Issues a ticket and tells how to show it. */
  async issue({ guest, errand: key, expires, secret, password }: IssueForm) {
    const errand = errandOf(key)!;
    const { ticket, credentials } = await this.tickets.issue({
      place: errand.place,
      purpose: errand.purpose,
      subject: errand.subject?.(guest),
      data: { firstName: guest },
      expiresIn: expires ? lives[expires] : errand.life,
      ...(errand.byCode && { password: { digits: 8 } }),
      ...(secret === 'chosen' && { password: password ?? '' }),
    });
    return this.delivery.show(errand, ticket, credentials);
  }

  /** Gives a ticket another secret, and one that has expired as long a life as a new one. */
  async reissue(uuid: string) {
    const found = await this.tickets.find(uuid);
    const errand = found && errandOf(keyOf(found));
    if (!errand) throw new NotFoundException();
    const input = found.expired ? { expiresIn: anotherLife(errand) } : {};
    const { ticket, credentials } = await this.tickets.reissue(uuid, input);
    return this.delivery.show(errand, ticket, credentials);
  }
}

/** Where a new ticket has the library's own life, a reissued one has to be told: `reissue()` has no default for codes. */
const anotherLife = ({ life }: Errand) => life ?? lives['10 minutes'];
