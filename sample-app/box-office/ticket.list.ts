import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Ticket, TicketService } from 'nestjs-ticketoffice';
import { LessThan, type Repository } from 'typeorm';
import { addressOf, type ListPlace, parametersOf } from './list.place.js';
import { type ListView, views } from './list.views.js';
import { type Blocked, BlockedTickets } from './blocked-tickets.js';
import { ticketView } from './ticket.view.js';

const PAGE_SIZE = 20;

/** The tickets and their status, a page at a time. */
@Injectable()
export class TicketList {
  constructor(
    private readonly tickets: TicketService,
    private readonly blockedTickets: BlockedTickets,
    @InjectRepository(Ticket) private readonly repository: Repository<Ticket>,
  ) {}

  /**
   * What views/partials/tickets.hbs shows.
   *
   * @param about a ticket whose status is shown above the list, on this page or not
   */
  async page(place: ListPlace, about?: string) {
    const { view } = place;
    const blocked = await this.blockedTickets.find();
    const found = await this.find(place);
    const shown = found.slice(0, PAGE_SIZE);
    const subject = about === undefined ? null : await this.tickets.find(about);
    return {
      view,
      choices: views.map((choice) => choiceOf(choice, blocked, choice === view)),
      tickets: shown.map((ticket) => ticketView(ticket, blocked)),
      about: subject && ticketView(subject, blocked),
      parameters: parametersOf(place),
      address: addressOf(place),
      next: found.length > PAGE_SIZE ? addressOf({ view, from: shown.at(-1)!.uuid }) : undefined,
    };
  }

  /** One more than fits on a page, to know whether there is a next one. */
  private find({ view: { status }, from }: ListPlace): Promise<Ticket[]> {
    const limit = PAGE_SIZE + 1;
    return status ? this.tickets.list({ status, after: from, limit }) : this.newestFirst(from, limit);
  }

  /** From the table, since `list()` begins with the oldest. Uuids are in the order of issue. */
  private newestFirst(before: string | undefined, limit: number): Promise<Ticket[]> {
    const where = before === undefined ? {} : { uuid: LessThan(before.toLowerCase()) };
    return this.repository.find({ where, order: { uuid: 'DESC' }, take: limit });
  }
}

const choiceOf = (view: ListView, blocked: Blocked, isCurrent: boolean) => ({
  ...view,
  address: addressOf({ view }),
  count: view.status && String(blocked[view.status].size), // as text: in a template, the number 0 is false
  isCurrent,
});
