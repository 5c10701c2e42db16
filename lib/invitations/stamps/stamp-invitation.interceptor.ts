import { Injectable } from '@nestjs/common';
import type { Claim } from '../../tickets/claims/claim.js';
import { Claims } from '../../tickets/claims/claims.js';
import type { Ticket } from '../../tickets/ticket.entity.js';
import { Answers } from '../answers/answers.js';
import { HandlerOutcome } from './handler-outcome.js';
import { OutcomeLog, CLAIM_ADVICE } from './outcome.log.js';
import { StampingInterceptor } from './stamping.interceptor.js';

/**
 * Uses the admitted ticket up: claims it, runs the handler, pipes included, and stamps it before the answer is sent.
 * A handler that throws, sets or returns a status of 400 or more, or returns a stream that fails before its first chunk
 * leaves the ticket as it was. After a crash in between, the ticket stays claimed: at most once.
 *
 * Write it last, next to the handler. An interceptor between the two that gives up early, such as a time-out, makes the
 * stamp release the ticket while the handler still runs. An interceptor outside that retries claims the ticket again: it
 * is busy while the first try runs, and used once that has succeeded.
 */
@Injectable()
export class StampInvitation extends StampingInterceptor {
  /** @internal Called by Nest's container alone. */
  constructor(claims: Claims, answers: Answers, outcome: HandlerOutcome) {
    super(claims, answers, outcome, new OutcomeLog(StampInvitation.name, CLAIM_ADVICE));
  }

  protected take(ticket: Ticket): Promise<Claim> {
    return this.claims.take(ticket);
  }
}
