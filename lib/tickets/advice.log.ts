import { Injectable, Logger } from '@nestjs/common';
import { TicketSettings } from './ticket.settings.js';

/** In ms: a guest or a scanner that comes again and again does not fill the log. */
const INTERVAL = 60_000;
/** How many reasons are remembered, so that those that name a ticket take no more memory than this. */
const MOST = 1000;

/** Logs what the app's developer is to mend, with what to write: at most once a minute for each reason. */
@Injectable()
export class AdviceLog {
  private readonly logger = new Logger('TicketOffice');
  /** When each reason was logged, in ms; the latest last. */
  private readonly logged = new Map<string, number>();

  constructor(private readonly settings: TicketSettings) {}

  /** @param reason a kind of mistake, perhaps with the uuid of a ticket that is there; never text of a request */
  warn(reason: string, advice: string): void {
    if (this.isDue(reason)) this.logger.warn(advice);
  }

  error(reason: string, advice: string, error?: unknown): void {
    if (this.isDue(reason)) this.logger.error(advice, ...(error === undefined ? [] : [error]));
  }

  private isDue(reason: string): boolean {
    const now = this.settings.now().getTime();
    const last = this.logged.get(reason);
    // A clock may be turned back.
    if (last !== undefined && now >= last && now - last < INTERVAL) return false;
    this.logged.delete(reason);
    this.logged.set(reason, now);
    const [oldest] = this.logged.keys();
    if (this.logged.size > MOST) this.logged.delete(oldest!);
    return true;
  }
}
