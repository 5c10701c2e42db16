import { type ModelTicket, type Moment, refusalOf } from './ticket.model.js';

/** With which ticket a guest was admitted, and under which of its secrets. */
export interface ModelAdmission {
  readonly ticket: number;
  readonly generation: number;
}

export interface ModelClaim {
  readonly ticket: number;
  readonly id: number;
}

/** All tickets as they should be, and what the guests have in their hands. */
export class LouvreModel {
  readonly tickets: ModelTicket[] = [];
  readonly admissions: ModelAdmission[] = [];
  readonly claims: ModelClaim[] = [];
  /** Names the claims in the order in which they were granted. */
  claimsGranted = 0;

  constructor(public moment: Moment) {}

  refusal({ ticket, generation }: ModelAdmission): string | undefined {
    return refusalOf(this.tickets[ticket]!, generation, this.moment);
  }

  /** @returns `done`, or why not: the ticket is as it was, then */
  change(ticket: number, after: ModelTicket | string, done: unknown): unknown {
    if (typeof after === 'string') return after;
    this.tickets[ticket] = after;
    return done;
  }
}
