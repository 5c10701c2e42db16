import { Logger } from '@nestjs/common';
import type { Ticket } from '../ticket.entity.js';

/** How long the app waits for open claims to end, in ms: less than orchestrators give a process before they kill it. */
const TIMEOUT = 10_000;

/** The claims that work in this process takes or holds: neither stamped nor released yet. */
export class OpenClaims {
  private readonly logger = new Logger('TicketOffice');
  /** The ticket of each, by the work that holds it. */
  private readonly open = new Map<Promise<unknown>, Ticket>();

  /** Runs work that takes a claim, holds it, and ends it, in vain or not: the claim counts as open all the while. */
  async during<T>(ticket: Ticket, work: () => Promise<T>): Promise<T> {
    const working = work();
    this.open.set(working, ticket);
    return working.finally(() => this.open.delete(working));
  }

  /** Resolves once the claims that are open now have ended, or after 10 s, and then logs those that have not. */
  async ended(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeOver = new Promise<void>((resolve) => (timer = setTimeout(resolve, TIMEOUT)));
    const known = [...this.open.keys()];
    await Promise.race([Promise.allSettled(known), timeOver]);
    clearTimeout(timer);
    for (const working of known) this.tell(this.open.get(working));
  }

  private tell(ticket: Ticket | undefined): void {
    if (!ticket) return;
    this.logger.error(
      `The app closes while ticket ${ticket.uuid} is claimed: its handler, or the work of redeem(), has not ended within 10 s. ` +
        "Its transaction is rolled back, or it stays claimed: list({ status: 'claimed' }) shows it then, reopen() frees it",
    );
  }
}
