import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Credentials, Ticket, TicketService } from 'nestjs-ticketoffice';
import QRCode from 'qrcode';
import type { Repository } from 'typeorm';
import { errandOf } from './errand.catalogue.js';
import { type IssueForm, lives } from './issue.form.js';
import { ticketView } from './ticket.view.js';

@Injectable()
export class BoxOfficeService {
  constructor(
    private readonly tickets: TicketService,
    @InjectRepository(Ticket) private readonly repository: Repository<Ticket>,
  ) {}

  /** Issues a ticket and tells how to show it: the only time that its secret can be shown. */
  async issue({ guest, errand: key, expires, secret, password }: IssueForm) {
    const errand = errandOf(key)!;
    const { ticket, credentials } = await this.tickets.issue({
      place: errand.place,
      purpose: errand.purpose,
      subject: errand.subject?.(guest),
      data: { firstName: guest },
      expiresIn: lives[expires],
      ...(secret === 'chosen' && { password: password ?? '' }),
    });
    return {
      ticket: ticketView(ticket),
      path: errand.path,
      ...(await this.invitation(errand.path, credentials)),
    };
  }

  /** The latest fifty, newest first. */
  async latest() {
    const tickets = await this.repository.find({ order: { createdAt: 'DESC', uuid: 'DESC' }, take: 50 });
    return tickets.map((ticket) => ticketView(ticket));
  }

  private async invitation(path: string, credentials: Credentials) {
    const link = this.tickets.url(path, credentials);
    return { link, qrCode: await QRCode.toString(link, { type: 'svg', margin: 2, width: 220 }) };
  }
}
