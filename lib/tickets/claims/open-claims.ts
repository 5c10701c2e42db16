import { Logger } from '@nestjs/common';
import type { Ticket } from '../ticket.entity.js';

/** How long the app waits for open claims to end, in ms: less than orchestrators give a process before they kill it. */
const TIMEOUT = 10_000;

/** The claims that work in this process takes or holds: neither stamped nor released yet. */
export class OpenClaims {
  private readonly limit = TIMEOUT;
  private timeOver: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly logger = new Logger('TicketOffice');
  /** The ticket of each, by the work that holds it. */
  private readonly open = new Map<Promise<unknown>, Ticket>();

  get count(): number {
    return this.open.size;
  }

  /** Runs work that takes a claim, holds it, and ends it, in vain or not: the claim counts as open all the while. */
  async during<T>(ticket: Ticket, work: () => Promise<T>): Promise<T> {
    const working = work();
    this.open.set(working, ticket);
    return working.finally(() => this.open.delete(working));
  }

  /**
   * Resolves once the claims that are open now have ended, or 10 s after the first call, and then logs those that have
   * not: the app waits twice, and no longer.
   */
  async ended(): Promise<void> {
    const known = [...this.open.keys()];
    if (known.length === 0) return;
    this.timeOver ??= new Promise((resolve) => (this.timer = setTimeout(resolve, this.limit)));
    this.timer?.ref();
    await Promise.race([Promise.allSettled(known), this.timeOver]);
    // The process may end before the time is over.
    this.timer?.unref();
    for (const working of known) this.tell(working);
  }

  private tell(working: Promise<unknown>): void {
    const ticket = this.open.get(working);
    if (!ticket) return;
    this.open.delete(working);
    this.logger.error(
      `The app closes while ticket ${ticket.uuid} is claimed: its handler, or the work of redeem(), has not ended within 10 s. ` +
        "Its transaction is rolled back, or it stays claimed: list({ status: 'claimed' }) shows it then, reopen() frees it",
    );
  }
}
