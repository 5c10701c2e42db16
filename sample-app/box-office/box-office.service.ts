import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { type Errand, errandOf, keyOf } from './errand.catalogue.js';
import { type IssueForm, lives } from './issue.form.js';
import { TicketDelivery } from './ticket.delivery.js';
import { TicketMarks } from './ticket.marks.js';

/** Issues tickets, once and again. */
@Injectable()
export class BoxOfficeService {
  constructor(
    private readonly tickets: TicketService,
    private readonly delivery: TicketDelivery,
    private readonly marks: TicketMarks,
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
      ...(secret === 'chosen' && { password }),
    });
    return this.delivery.show(errand, ticket, credentials);
  }

  /** Gives a ticket another secret, and one that has expired as long a life as a new one. */
  async reissue(uuid: string) {
    const found = await this.tickets.find(uuid);
    const errand = found && errandOf(keyOf(found));
    if (!errand) throw new NotFoundException();
    await this.assertNotLocked(found.uuid);
    const input = found.expired ? { expiresIn: lifeAgain(errand) } : {};
    const { ticket, credentials } = await this.tickets.reissue(uuid, input);
    return this.delivery.show(errand, ticket, credentials);
  }

  /** The library would reissue it, and nobody could do anything with what the clerk hands out. */
  private async assertNotLocked(uuid: string): Promise<void> {
    const { locked } = await this.marks.now();
    if (locked.has(uuid))
      throw new ConflictException(
        'This ticket is locked, and so would be another code for it. Issue a new one.',
      );
  }
}

/** Where a new ticket gets the library's own life, one that is reissued has to be told: `reissue()` has none for codes. */
const lifeAgain = ({ life }: Errand) => life ?? lives['10 minutes'];
