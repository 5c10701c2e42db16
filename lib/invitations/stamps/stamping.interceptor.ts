import { AsyncResource } from 'node:async_hooks';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { from, Observable, type Subscriber } from 'rxjs';
import { calledBy } from '../../called-method.js';
import type { Claim } from '../../tickets/claims/claim.js';
import type { Claims } from '../../tickets/claims/claims.js';
import type { Ticket } from '../../tickets/ticket.entity.js';
import type { Answers } from '../answers/answers.js';
import { isInert } from '../client.js';
import { disconnectSignal, requestOf } from '../guest-request.js';
import { invitationOf, nothingAdmitted } from '../invitation.context.js';
import { guestWait } from './guest-wait.js';
import type { HandlerCall, HandlerOutcome } from './handler-outcome.js';
import type { OutcomeLog } from './outcome.log.js';
import { isAsyncIterator } from './response-body.js';
import { generatorInTransaction } from './stamp-wiring.check.js';
import { Stamp } from './stamped-handlers.js';

/**
 * Takes the admitted ticket, runs the handler, pipes included, and stamps the ticket before the answer is sent; or
 * releases it, when the handler has failed (see {@link HandlerOutcome}). Keeps no state between requests.
 */
export abstract class StampingInterceptor extends Stamp implements NestInterceptor {
  constructor(
    protected readonly claims: Claims,
    private readonly answers: Answers,
    private readonly outcome: HandlerOutcome,
    private readonly log: OutcomeLog,
  ) {
    super();
  }

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const ticket = invitationOf(context);
    if (!ticket) throw nothingAdmitted(`${calledBy(context)} has ${this.constructor.name}`, context);
    // The guard has answered such a request already, unless an interceptor of the app calls this one.
    if (isInert(requestOf(context))) throw this.answers.nothing();
    // The handler runs in the async context of this call, as it would without a stamp, and not in the subscriber's.
    const scope = new AsyncResource('TicketOfficeStamp');
    return new Observable((guest) => {
      const answer = () => this.answer(guest, context, next, ticket);
      void scope.runInAsyncScope(() => this.claims.during(ticket, answer));
    });
  }

  /**
   * Runs to its end, subscribed or not: a client that disconnects, or a time-out around this interceptor, cannot
   * separate the handler from its stamp.
   */
  private async answer(
    guest: Subscriber<unknown>,
    context: ExecutionContext,
    next: CallHandler<unknown>,
    ticket: Ticket,
  ): Promise<void> {
    const disconnected = () => disconnectSignal(requestOf(context));
    const call = this.outcome.observe(context, guestWait(disconnected, guest));
    try {
      const claim = await this.take(ticket, context).catch((error) => this.refuse(context, error));
      const values = await this.runHandler(call, next, context).catch((error: unknown) =>
        this.fail(call, claim, error, guest.closed),
      );
      if (call.isAtWork) {
        // The handler may answer only after an interceptor outside has got its value.
        from(values).subscribe(guest);
        await guestWait(disconnected)(call.answered());
      }
      await this.settle(call, values, claim, context);
      if (guest.closed || call.isAnswered) call.close(values);
      from(values).subscribe(guest);
    } catch (error) {
      guest.error(error);
    }
  }

  /** @returns the answer to send: whole, or the beginning of it */
  private async runHandler(
    call: HandlerCall,
    next: CallHandler<unknown>,
    context: ExecutionContext,
  ): Promise<readonly unknown[]> {
    const values = await call.run(next);
    if (!this.allowsGenerators && values.some(isAsyncIterator))
      throw generatorInTransaction(this.constructor, calledBy(context));
    return call.begin(values);
  }

  /** Releases the ticket of a handler that has failed, and throws its error. */
  private async fail(call: HandlerCall, claim: Claim, error: unknown, isUnheard: boolean): Promise<never> {
    call.stop();
    if (isUnheard) this.log.unheard(claim.ticket, error);
    await this.release(claim);
    throw error;
  }

  /** Stamps or releases. Without the stamp, the guest does not get what the handler has returned. */
  private async settle(
    call: HandlerCall,
    values: readonly unknown[],
    claim: Claim,
    context: ExecutionContext,
  ): Promise<void> {
    call.stop();
    if (call.isFailure(values)) return this.release(claim);
    try {
      await claim.stamp();
      call.onUndelivered((status) => this.log.undelivered(claim.ticket, status));
    } catch (error) {
      this.log.unstamped(claim.ticket, error);
      call.close(values);
      await this.refuse(context, error);
    }
  }

  /** Logs a failure and does not throw it: the guest gets the handler's error. */
  private async release(claim: Claim): Promise<void> {
    await claim.release().catch((error: unknown) => this.log.unreleased(claim.ticket, error));
  }

  private async refuse(context: ExecutionContext, error: unknown): Promise<never> {
    throw await this.answers.refuse(context, error);
  }
}
