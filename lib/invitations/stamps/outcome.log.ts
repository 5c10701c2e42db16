import { Logger } from '@nestjs/common';
import type { Ticket } from '../../tickets/ticket.entity.js';
import { TicketBusyError } from '../../tickets/ticket.errors.js';

/** What becomes of a ticket whose stamp or release could not be written, and what to do about it. */
interface Advice {
  readonly unreleased: string;
  readonly unstamped: string;
  /** For a ticket that another claim may have taken meanwhile. */
  readonly overtaken?: string;
}

/** After a claim that is on the row. */
export const CLAIM_ADVICE: Advice = {
  unreleased: "it stays claimed. list({ status: 'claimed' }) shows it, reopen() frees it",
  unstamped:
    "it is used, or stays claimed. list({ status: 'claimed' }) shows it then, and reopen() lets its guest do it again",
  overtaken: 'another claim has taken it over, or it was reopened, so that a handler may succeed again',
};

/** After a claim in a transaction. */
export const TRANSACTION_ADVICE: Advice = {
  unreleased: 'its transaction ends with its connection, and nothing of it is written',
  unstamped:
    'what the handler has written through its manager is undone, and the ticket can be used again; unless find() returns it used: then it was committed, and only the answer was lost, or a statement of the handler committed it',
};

/** Logs outcomes that the guest does not learn, or can do nothing about. */
export class OutcomeLog {
  private readonly logger: Logger;

  constructor(
    name: string,
    private readonly advice: Advice,
  ) {
    this.logger = new Logger(name);
  }

  unreleased({ uuid }: Ticket, error: unknown): void {
    this.logger.error(`Ticket ${uuid} could not be released: ${this.advice.unreleased}`, error);
  }

  unstamped({ uuid }: Ticket, error: unknown): void {
    const { overtaken, unstamped } = this.advice;
    const what = `Ticket ${uuid} could not be stamped, though its handler has succeeded`;
    if (overtaken && error instanceof TicketBusyError) this.logger.warn(`${what}: ${overtaken}`);
    else this.logger.error(`${what}: ${unstamped}`, error);
  }

  /** Sending the answer has failed. What was to be sent is the guest's: it is not logged. */
  undelivered({ uuid }: Ticket, status: number): void {
    this.logger.error(
      `Ticket ${uuid} is used, but its guest got an error (${status}): what was to be sent after the stamp has failed. Issue another ticket where the guest needs the answer`,
    );
  }

  /** The guest has disconnected, or got another answer, such as a time-out's. */
  unheard({ uuid }: Ticket, error: unknown): void {
    this.logger.error(`The handler for ticket ${uuid} has failed after its guest had stopped waiting`, error);
  }
}
