import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Ticket, TicketService } from 'nestjs-ticketoffice';
import { LessThan, type Repository } from 'typeorm';
import { addressOf, type ListPlace, parametersOf } from './list.place.js';
import { type ListView, views } from './list.views.js';
import { type Marks, TicketMarks } from './ticket.marks.js';
import { ticketView } from './ticket.view.js';

const PAGE = 20;

/** What has become of the tickets, a page at a time. */
@Injectable()
export class TicketList {
  constructor(
    private readonly tickets: TicketService,
    private readonly marks: TicketMarks,
    @InjectRepository(Ticket) private readonly repository: Repository<Ticket>,
  ) {}

  /**
   * What views/partials/tickets.hbs shows.
   *
   * @param about a ticket to tell of, whether it is on the page or not
   */
  async page(place: ListPlace, about?: string) {
    const { view } = place;
    const marks = await this.marks.now();
    const found = await this.find(place);
    const shown = found.slice(0, PAGE);
    const told = about === undefined ? null : await this.tickets.find(about);
    return {
      view,
      choices: views.map((choice) => choiceOf(choice, marks, choice === view)),
      tickets: shown.map((ticket) => ticketView(ticket, marks)),
      told: told && ticketView(told, marks),
      parameters: parametersOf(place),
      address: addressOf(place),
      next: found.length > PAGE ? addressOf({ view, from: shown.at(-1)!.uuid }) : undefined,
    };
  }

  /** One more than a page has, to know whether there is another. */
  private find({ view: { mark }, from }: ListPlace): Promise<Ticket[]> {
    const limit = PAGE + 1;
    return mark ? this.tickets.list({ status: mark, after: from, limit }) : this.newestFirst(from, limit);
  }

  /** From the table itself, since `list()` begins with the oldest. Uuids are in the order of issue. */
  private newestFirst(before: string | undefined, limit: number): Promise<Ticket[]> {
    const where = before === undefined ? {} : { uuid: LessThan(before.toLowerCase()) };
    return this.repository.find({ where, order: { uuid: 'DESC' }, take: limit });
  }
}

const choiceOf = (view: ListView, marks: Marks, isCurrent: boolean) => ({
  ...view,
  address: addressOf({ view }),
  count: view.mark && String(marks[view.mark].size), // as text, since a template takes 0 for nothing
  isCurrent,
});
