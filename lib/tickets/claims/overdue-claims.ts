import { Logger } from '@nestjs/common';
import { toDuration } from '../input/duration.js';
import { TicketBusyError } from '../ticket.errors.js';

/**
 * In ms, longer than a handler takes: those who wait for its answer have given up long before. Proxies wait for one minute
 * (nginx's `proxy_read_timeout`, AWS load balancers) or less than two (Cloudflare), browsers for five.
 */
const LONGEST = toDuration('10m')!;
/** In ms. A guest may load the page again and again. */
const PAUSE = toDuration('1m')!;
/** How many tickets are remembered, so that a crash amid many claims takes no more memory than this. */
const MOST = 1000;

/** Tells claims that nobody will end from those that a handler holds, in the answer to the guest and in the log. */
export class OverdueClaims {
  private readonly logger = new Logger('TicketOffice');
  /** When each was logged, the latest last. */
  private readonly logged = new Map<string, number>();

  /** The error for a ticket that another claim holds, for ever unless somebody frees it. */
  busy(uuid: string, claimedAt: Date | null, now: number): TicketBusyError {
    if (!claimedAt || now - claimedAt.getTime() < LONGEST) return new TicketBusyError();
    this.log(uuid, claimedAt, now);
    return new TicketBusyError('This was begun, and has not been finished.', { claimedAt });
  }

  private log(uuid: string, claimedAt: Date, now: number): void {
    if (now - (this.logged.get(uuid) ?? -Infinity) < PAUSE) return;
    this.logged.delete(uuid);
    this.logged.set(uuid, now);
    const [oldest] = this.logged.keys();
    if (this.logged.size > MOST) this.logged.delete(oldest!);
    this.logger.warn(
      `Ticket ${uuid} has been claimed since ${claimedAt.toISOString()}, longer than a handler takes: its process has ` +
        `ended before the stamp. Its guest gets 409 until reopen('${uuid}') frees it; see first whether its work was done. ` +
        'Call app.enableShutdownHooks(), so that SIGTERM waits for handlers; with abandonedAfter, a new claim takes over by itself',
    );
  }
}
