import type { ExecutionContext } from '@nestjs/common';
import type { Claim } from '../../tickets/claims/claim.js';
import type { Ticket } from '../../tickets/ticket.entity.js';

/** What uses a ticket up: by this, stamps are told from all other interceptors. */
export abstract class Stamp {
  /** Takes the ticket for this call of the handler. */
  protected abstract take(ticket: Ticket, context: ExecutionContext): Promise<Claim>;
}
