import { Logger } from '@nestjs/common';
import type { Claim } from './claim.js';

/** How long the app waits for open claims to end, in ms: less than orchestrators give a process before they kill it. */
const TIMEOUT = 10_000;

/** The claims that work in this process holds: neither stamped nor released yet. */
export class OpenClaims {
  private readonly logger = new Logger('TicketOffice');
  private readonly open = new Set<Claim>();
  private onNone: () => void = () => undefined;
  private isTimeOver = false;

  /** Counts a claim as open until it was stamped or released, in vain or not. */
  add<C extends Claim>(claim: C): C {
    this.open.add(claim);
    const ending = (end: () => Promise<void>) => () => end().finally(() => this.delete(claim));
    return Object.assign(claim, {
      stamp: ending(claim.stamp.bind(claim)),
      release: ending(claim.release.bind(claim)),
    });
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
        `The app closes while ticket ${ticket.uuid} is claimed: its handler, or the work of redeem(), has not ended within 10 s. ` +
          "Its transaction is rolled back, or it stays claimed: list({ status: 'claimed' }) shows it then, reopen() frees it",
      );
    }
  }

  private delete(claim: Claim): void {
    this.open.delete(claim);
    if (this.open.size === 0) this.onNone();
  }
}
