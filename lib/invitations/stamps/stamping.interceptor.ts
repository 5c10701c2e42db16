import { AsyncResource } from 'node:async_hooks';
import {
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import { from, lastValueFrom, Observable, type Subscriber, throwIfEmpty, toArray } from 'rxjs';
import type { Claim } from '../../tickets/claims/claim.js';
import type { Ticket } from '../../tickets/ticket.entity.js';
import type { Answers } from '../answers/answers.js';
import { isInert } from '../client.js';
import { requestOf, responseOf } from '../guest-request.js';
import { invitationOf } from '../invitation.context.js';
import type { HandlerOutcome } from './handler-outcome.js';
import type { OutcomeLog } from './outcome.log.js';
import { stampWithoutInvitation } from './stamp-wiring.check.js';
import { Stamp } from './stamped-handlers.js';

/**
 * Takes the admitted ticket, runs the handler, pipes included, and stamps the ticket before the answer is sent; or
 * releases it, when the handler has thrown or set a status of 400 or more. Keeps no state between requests.
 */
export abstract class StampingInterceptor extends Stamp implements NestInterceptor {
  constructor(
    private readonly answers: Answers,
    private readonly outcome: HandlerOutcome,
    private readonly log: OutcomeLog,
  ) {
    super();
  }

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const ticket = invitationOf(context);
    if (!ticket)
      throw stampWithoutInvitation(this.constructor, context.getClass(), context.getHandler().name);
    // The guard has answered such a request already, unless an interceptor of the app calls this one.
    if (isInert(requestOf(context))) throw this.answers.nothing();
    // The handler runs in the async context of this call, as it would without a stamp, and not in the subscriber's.
    const scope = new AsyncResource('TicketOfficeStamp');
    return new Observable((guest) => {
      void scope.runInAsyncScope(() => this.answer(guest, context, next, ticket));
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
    try {
      const values = await this.run(context, next, ticket, guest);
      if (guest.closed) destroyUnsent(values);
      from(values).subscribe(guest);
    } catch (error) {
      guest.error(error);
    }
  }

  /** Claim, handler, stamp or release. Waits for all values, so that a stream of several gets one stamp. */
  private async run(
    context: ExecutionContext,
    next: CallHandler<unknown>,
    ticket: Ticket,
    guest: Subscriber<unknown>,
  ): Promise<unknown[]> {
    const claim = await this.take(ticket, context).catch((error) => this.refuse(context, error));
    let values: unknown[];
    try {
      // A stream without any value is an error to Nest, too.
      values = await lastValueFrom(next.handle().pipe(throwIfEmpty(), toArray()));
    } catch (error) {
      if (guest.closed) this.log.unheard(ticket, error);
      await this.release(claim);
      throw error;
    }
    if (!guest.closed && this.outcome.isFailure(context)) await this.release(claim);
    else await this.stamp(claim, values).catch((error) => this.refuse(context, error));
    return values;
  }

  /** Logs a failure and does not throw it: the guest gets the handler's error. */
  private async release(claim: Claim): Promise<void> {
    await claim.release().catch((error: unknown) => this.log.unreleased(claim.ticket, error));
  }

  /** Without the stamp, the guest does not get what the handler has returned. */
  private async stamp(claim: Claim, values: readonly unknown[]): Promise<void> {
    try {
      await claim.stamp();
    } catch (error) {
      this.log.unstamped(claim.ticket, error);
      destroyUnsent(values);
      throw error;
    }
  }

  private async refuse(context: ExecutionContext, error: unknown): Promise<never> {
    throw await this.answers.refuse(requestOf(context), responseOf(context), error);
  }
}

/** Closes what values that will not be sent hold open: nothing else would close the descriptor of a file. */
function destroyUnsent(values: readonly unknown[]): void {
  for (const value of values) {
    if (value instanceof StreamableFile) value.getStream()?.destroy?.();
  }
}
