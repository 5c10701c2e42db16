import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Ticket, TicketService } from 'nestjs-ticketoffice';
import type { Repository } from 'typeorm';
import { errandOf } from './errand.catalogue.js';
import { type IssueForm, lives } from './issue.form.js';
import { TicketDelivery } from './ticket.delivery.js';
import { ticketView } from './ticket.view.js';

@Injectable()
export class BoxOfficeService {
  constructor(
    private readonly tickets: TicketService,
    private readonly delivery: TicketDelivery,
    @InjectRepository(Ticket) private readonly repository: Repository<Ticket>,
  ) {}

  /** Issues a ticket and tells how to show it. */
  async issue({ guest, errand: key, expires, secret, password }: IssueForm) {
    const errand = errandOf(key)!;
    const { ticket, credentials } = await this.tickets.issue({
      place: errand.place,
      purpose: errand.purpose,
      subject: errand.subject?.(guest),
      data: { firstName: guest },
      expiresIn: lives[expires],
      ...(errand.byCode && { password: { digits: 8 } }),
      ...(secret === 'chosen' && { password: password ?? '' }),
    });
    return this.delivery.show(errand, ticket, credentials);
  }

  /** The latest fifty, newest first. */
  async latest() {
    const tickets = await this.repository.find({ order: { createdAt: 'DESC', uuid: 'DESC' }, take: 50 });
    return tickets.map((ticket) => ticketView(ticket));
  }
}
