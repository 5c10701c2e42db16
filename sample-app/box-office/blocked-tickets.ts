import { Injectable } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';

/** The most that `list()` returns at once. */
const MAX = 1000;

/** Blocks that the ticket itself does not show: a claim, or a lock after too many wrong guesses. */
export type BlockedStatus = 'claimed' | 'locked';

/** The uuids of the blocked tickets. */
export type Blocked = Readonly<Record<BlockedStatus, ReadonlySet<string>>>;

export const NONE_BLOCKED: Blocked = { claimed: new Set(), locked: new Set() };

/** Asks the library which tickets are claimed or locked. */
@Injectable()
export class BlockedTickets {
  constructor(private readonly tickets: TicketService) {}

  async find(): Promise<Blocked> {
    return { claimed: await this.uuids('claimed'), locked: await this.uuids('locked') };
  }

  private async uuids(status: BlockedStatus): Promise<Set<string>> {
    const found = await this.tickets.list({ status, limit: MAX });
    return new Set(found.map(({ uuid }) => uuid));
  }
}
