import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Ticket, TicketService } from 'nestjs-ticketoffice';
import { LessThan, type Repository } from 'typeorm';
import { ticketView } from './ticket.view.js';

const PAGE = 20;
/** As many as `list()` gives at once. */
const MOST = 1000;

/** Which tickets are to be seen. */
export interface ListQuery {
  readonly show?: unknown;
  /** The last ticket of the page before. */
  readonly from?: string;
}

/** What has become of the tickets, a page at a time. */
@Injectable()
export class TicketList {
  constructor(
    private readonly tickets: TicketService,
    @InjectRepository(Ticket) private readonly repository: Repository<Ticket>,
  ) {}

  /** What views/partials/tickets.hbs shows. */
  async page({ show, from }: ListQuery) {
    const isInUse = show === 'in-use';
    const inUse = await this.tickets.list({ status: 'claimed', limit: MOST });
    const found = isInUse ? await this.inUse(from) : await this.newestFirst(from);
    const shown = found.slice(0, PAGE);
    const claimed = new Set(inUse.map(({ uuid }) => uuid));
    return {
      isInUse,
      inUseCount: inUse.length,
      tickets: shown.map((ticket) => ticketView(ticket, claimed.has(ticket.uuid))),
      address: addressOf(isInUse, from),
      next: found.length > PAGE ? addressOf(isInUse, shown.at(-1)!.uuid) : undefined,
    };
  }

  /** Being used right now, or when the museum crashed: oldest first. */
  private inUse(after: string | undefined): Promise<Ticket[]> {
    return this.tickets.list({ status: 'claimed', after, limit: PAGE + 1 });
  }

  /** From the table itself, since `list()` begins with the oldest. Uuids are in the order of issue. */
  private newestFirst(before: string | undefined): Promise<Ticket[]> {
    const where = before === undefined ? {} : { uuid: LessThan(before.toLowerCase()) };
    return this.repository.find({ where, order: { uuid: 'DESC' }, take: PAGE + 1 });
  }
}

function addressOf(isInUse: boolean, from: string | undefined): string {
  const query = new URLSearchParams({ ...(isInUse && { show: 'in-use' }), ...(from && { from }) }).toString();
  return query ? `/?${query}` : '/';
}
