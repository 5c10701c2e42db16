import { Logger } from '@nestjs/common';
import type { Ticket } from '../ticket.entity.js';
import type { Claim } from './claim.js';

/** How long the app waits for open claims to end, in ms: less than orchestrators give a process before they kill it. */
const TIMEOUT = 10_000;

/** The claims that work in this process takes or holds: neither stamped nor released yet. */
export class OpenClaims {
  private readonly logger = new Logger('TicketOffice');
  /** The ticket of each, by its end. */
  private readonly open = new Map<Promise<void>, Ticket>();

  /** Takes a claim, which counts as open from now until it was stamped or released, in vain or not. */
  async take<C extends Claim>(ticket: Ticket, take: () => Promise<C>): Promise<C> {
    let resolve!: () => void;
    const end = new Promise<void>((resolveEnd) => (resolve = resolveEnd));
    this.open.set(end, ticket);
    const over = () => {
      this.open.delete(end);
      resolve();
    };
    const claim = await take().catch((error: unknown) => {
      over();
      throw error;
    });
    const ending = (act: () => Promise<void>) => () => act().finally(over);
    return Object.assign(claim, {
      stamp: ending(claim.stamp.bind(claim)),
      release: ending(claim.release.bind(claim)),
    });
  }

  /** Resolves once the claims that are open now have ended, or after 10 s, and then logs those that have not. */
  async ended(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeOver = new Promise<void>((resolve) => (timer = setTimeout(resolve, TIMEOUT)));
    const known = [...this.open.keys()];
    await Promise.race([Promise.all(known), timeOver]);
    clearTimeout(timer);
    for (const end of known) this.tell(this.open.get(end));
  }

  private tell(ticket: Ticket | undefined): void {
    if (!ticket) return;
    this.logger.error(
      `The app closes while ticket ${ticket.uuid} is claimed: its handler, or the work of redeem(), has not ended within 10 s. ` +
        "Its transaction is rolled back, or it stays claimed: list({ status: 'claimed' }) shows it then, reopen() frees it",
    );
  }
}
