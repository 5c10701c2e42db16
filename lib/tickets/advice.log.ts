import { Injectable, Logger } from '@nestjs/common';
import { TicketSettings } from './ticket.settings.js';

/** In ms: a guest or a scanner who comes again and again does not fill the log. */
const INTERVAL = 60_000;

/** Logs what the app's developer is to mend, with what to write: at most once a minute for each reason. */
@Injectable()
export class AdviceLog {
  private readonly logger = new Logger('TicketOffice');
  /** When each reason was logged last, in ms: as many as there are reasons. */
  private readonly logged = new Map<string, number>();

  constructor(private readonly settings: TicketSettings) {}

  /** @param reason one of a few, never what came with a request */
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
    this.logged.set(reason, now);
    return true;
  }
}
