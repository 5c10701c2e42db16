import { Injectable } from '@nestjs/common';
import { AdviceLog } from '../advice.log.js';
import { toDuration } from '../input/duration.js';
import { TicketBusyError } from '../ticket.errors.js';

/**
 * In ms, longer than a handler takes: those who wait for its answer have given up long before. Proxies wait for one minute
 * (nginx's `proxy_read_timeout`, AWS load balancers) or less than two (Cloudflare), browsers for five.
 */
const LONGEST = toDuration('10m')!;

/** Tells claims that most likely nobody will end from those that a handler holds, in the answer to the guest and in the log. */
@Injectable()
export class OverdueClaims {
  constructor(private readonly log: AdviceLog) {}

  /** The error for a ticket that another claim holds. */
  busy(uuid: string, claimedAt: Date | null, now: number): TicketBusyError {
    if (!claimedAt || now - claimedAt.getTime() < LONGEST) return new TicketBusyError();
    this.log.warn(
      `overdue ${uuid}`,
      `Ticket ${uuid} has been claimed since ${claimedAt.toISOString()}, longer than a handler takes: its process has ` +
        'most likely ended before the stamp, unless work of yours with claim() takes so long. ' +
        `Its guest gets 409 until reopen('${uuid}') frees it; see first whether its work was done, or is still being done. ` +
        'Call app.enableShutdownHooks(), so that SIGTERM waits for handlers; with abandonedAfter, a new claim takes over by itself',
    );
    return new TicketBusyError('This was begun, and has not been finished.', { claimedAt });
  }
}
