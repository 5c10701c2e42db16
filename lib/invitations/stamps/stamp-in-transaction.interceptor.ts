import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { Claim } from '../../tickets/claims/claim.js';
import { Claims } from '../../tickets/claims/claims.js';
import type { Ticket } from '../../tickets/ticket.entity.js';
import { Answers } from '../answers/answers.js';
import { setTransaction } from '../invitation.context.js';
import { HandlerOutcome } from './handler-outcome.js';
import { OutcomeLog, TRANSACTION_ADVICE } from './outcome.log.js';
import { StampingInterceptor } from './stamping.interceptor.js';

/**
 * Uses the admitted ticket up in one transaction with what the handler writes through `@InvitationManager()`: it
 * begins with the stamp, and is committed before the answer is sent. A handler that throws, sets or returns a status of
 * 400 or more, or returns a stream that fails before its first chunk rolls both back, and so does a crash: exactly once.
 *
 * A handler that answers by itself, with a plain `@Res()`, answers before the commit, which may still fail: return the
 * value instead, or write `@Res({ passthrough: true })`.
 *
 * @example
 * ```ts
 * @Post('password')
 * @InvitationRequired('account', 'reset password')
 * @UseInterceptors(StampInTransaction)
 * reset(@Invitation() ticket: Ticket, @InvitationManager() manager: EntityManager, @Body() form: PasswordForm) {
 *   return this.accounts.changePassword(ticket.subject, form, manager);
 * }
 * ```
 */
@Injectable()
export class StampInTransaction extends StampingInterceptor {
  /** @internal Called by Nest's container alone. */
  constructor(claims: Claims, answers: Answers, outcome: HandlerOutcome) {
    super(claims, answers, outcome, new OutcomeLog(StampInTransaction.name, TRANSACTION_ADVICE));
  }

  /** Its body would run after the commit. */
  override get allowsGenerators(): boolean {
    return false;
  }

  protected async take(ticket: Ticket, context: ExecutionContext): Promise<Claim> {
    const claim = await this.claims.takeInTransaction(ticket);
    setTransaction(context, claim.manager);
    return claim;
  }
}
