import { Injectable } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';

/** As many as `list()` gives at once. */
const MOST = 1000;

/** What may hold a ticket up, and does not show on it: a claim, or wrong guesses that are used up. */
export type Mark = 'claimed' | 'locked';

/** The uuids of the tickets with each mark. */
export type Marks = Readonly<Record<Mark, ReadonlySet<string>>>;

export const NO_MARKS: Marks = { claimed: new Set(), locked: new Set() };

/** Asks the library which tickets are held up. */
@Injectable()
export class TicketMarks {
  constructor(private readonly tickets: TicketService) {}

  async now(): Promise<Marks> {
    return { claimed: await this.marked('claimed'), locked: await this.marked('locked') };
  }

  private async marked(status: Mark): Promise<Set<string>> {
    const found = await this.tickets.list({ status, limit: MOST });
    return new Set(found.map(({ uuid }) => uuid));
  }
}
