import { Injectable } from '@nestjs/common';
import { type ListedStatus, TicketService } from 'nestjs-ticketoffice';
import { addressOf, type ListPlace, parametersOf } from './list.place.js';
import { type ListView, views } from './list.views.js';
import { blockOf } from './ticket.block.js';
import { ticketView } from './ticket.view.js';

const PAGE_SIZE = 20;

/** The tickets and their status, the newest first, a page at a time. */
@Injectable()
export class TicketList {
  constructor(private readonly tickets: TicketService) {}

  /**
   * What views/partials/tickets.hbs shows.
   *
   * @param about a ticket whose status is shown above the list, on this page or not
   */
  async page(place: ListPlace, about?: string) {
    const { view } = place;
    // One more than fits on a page, to know whether there is a next one.
    const found = await this.after(place, PAGE_SIZE + 1, view.status);
    const shown = found.slice(0, PAGE_SIZE);
    const [claimed, locked] = [await this.uuids(place, 'claimed'), await this.uuids(place, 'locked')];
    const subject = about === undefined ? null : await this.tickets.inspect(about);
    return {
      view,
      choices: await Promise.all(views.map((choice) => this.choice(choice, choice === view))),
      tickets: shown.map((ticket) =>
        ticketView(ticket, { isInUse: claimed.has(ticket.uuid), isLocked: locked.has(ticket.uuid) }),
      ),
      about: subject && ticketView(subject.ticket, blockOf(subject)),
      parameters: parametersOf(place),
      address: addressOf(place),
      next: found.length > PAGE_SIZE ? addressOf({ view, from: shown.at(-1)!.uuid }) : undefined,
    };
  }

  private after({ from }: ListPlace, limit: number, status?: ListedStatus) {
    return this.tickets.list({ order: 'newest', after: from, limit, ...(status && { status }) });
  }

  /** Those from the same place on: as many as fit on a page contain all that are on it. */
  private async uuids(place: ListPlace, status: ListedStatus): Promise<ReadonlySet<string>> {
    return new Set((await this.after(place, PAGE_SIZE, status)).map(({ uuid }) => uuid));
  }

  private async choice(view: ListView, isCurrent: boolean) {
    const { status } = view;
    const count = await this.tickets.count(status && { status });
    // As text: in a template, the number 0 is false.
    return { ...view, address: addressOf({ view }), count: String(count), isCurrent };
  }
}
