import { Logger } from '@nestjs/common';
import type { Claim } from './claim.js';

/** How long the end of open claims is waited for, in ms: less than the time that orchestrators give a process to end. */
const TIMEOUT = 10_000;

/** The claims of this process that are neither stamped nor released yet. */
export class OpenClaims {
  private readonly logger = new Logger('TicketOffice');
  private readonly open = new Set<Claim>();
  private onNone: () => void = () => undefined;
  private isTimeOver = false;

  /** Counts a claim as open until its end, whichever that is. */
  add<C extends Claim>(claim: C): C {
    this.open.add(claim);
    const { stamp, release } = claim;
    const ending = (end: () => Promise<void>) => () => end.call(claim).finally(() => this.delete(claim));
    return Object.assign(claim, { stamp: ending(stamp), release: ending(release) });
  }

  /** Resolves once no claim is open, or after 10 s, and then logs those that are. */
  async ended(): Promise<void> {
    if (this.open.size === 0 || this.isTimeOver) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.isTimeOver = true;
        resolve();
      }, TIMEOUT);
      this.onNone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    for (const { ticket } of this.open) {
      this.logger.error(
        `The app closes while ticket ${ticket.uuid} is claimed: its handler has not ended within 10 s. ` +
          "Its transaction is rolled back, or it stays claimed: list({ status: 'claimed' }) shows it then, reopen() frees it",
      );
    }
  }

  private delete(claim: Claim): void {
    this.open.delete(claim);
    if (this.open.size === 0) this.onNone();
  }
}
