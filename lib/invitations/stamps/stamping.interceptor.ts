import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import {
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import { from, lastValueFrom, Observable, type Subscriber, throwIfEmpty, toArray } from 'rxjs';
import type { Claim } from '../../tickets/claims/claim.js';
import type { Ticket } from '../../tickets/ticket.entity.js';
import { expectInnerStamps, invitationOf, isInnerStamp } from '../invitation.context.js';
import { Answers } from '../answers/answers.js';
import { requestOf, responseOf } from '../guest-request.js';
import { isInert } from '../client.js';
import { HandlerOutcome } from './handler-outcome.js';
import type { OutcomeLog } from './outcome.log.js';
import { stampWithoutInvitation } from './stamp-wiring.check.js';
import { Stamp, type StampedHandlers } from './stamped-handlers.js';

/**
 * The call whose ticket a stamp holds, for what runs inside of it. Of several stamps not all may run: one that was bound
 * to the app too late does not. Whoever tries again outside would be taken for it, were they only counted.
 */
const holding = new AsyncLocalStorage<ExecutionContext>();

/**
 * Takes the admitted ticket, runs the handler, pipes included, and stamps the ticket before the answer is sent; or
 * releases it, when the handler has thrown or set a status of 400 or more. Holds nothing between requests.
 */
export abstract class StampingInterceptor extends Stamp implements NestInterceptor {
  constructor(
    private readonly answers: Answers,
    private readonly outcome: HandlerOutcome,
    private readonly stamped: StampedHandlers,
    private readonly log: OutcomeLog,
  ) {
    super();
  }

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const ticket = invitationOf(context);
    if (!ticket)
      throw stampWithoutInvitation(this.constructor, context.getClass(), context.getHandler().name);
    // The guard has done so before, unless an interceptor of the app's calls this one.
    if (isInert(requestOf(context))) throw this.answers.nothing();
    // Bound twice, to the controller and to the handler, say: the outer one has the claim.
    if (holding.getStore() === context && isInnerStamp(context, this.stamped.count(context)))
      return next.handle();
    // The handler runs in the async context of this call, as without us, and not of who subscribes.
    const scope = new AsyncResource('TicketOfficeStamp');
    return new Observable((guest) => {
      void scope.runInAsyncScope(() => this.answer(guest, context, next, ticket));
    });
  }

  /**
   * Runs to its end whoever listens: one who gives up waiting (a client that hangs up, a time-out around this
   * interceptor) cannot part the handler from its stamp.
   */
  private async answer(
    guest: Subscriber<unknown>,
    context: ExecutionContext,
    next: CallHandler<unknown>,
    ticket: Ticket,
  ): Promise<void> {
    try {
      const values = await this.run(context, next, ticket, () => !guest.closed);
      if (guest.closed) destroyUnsent(values);
      from(values).subscribe(guest);
    } catch (error) {
      guest.error(error);
    }
  }

  /** Claim, handler, stamp or release. All values are waited for, so that a stream of several gets one stamp. */
  private async run(
    context: ExecutionContext,
    next: CallHandler<unknown>,
    ticket: Ticket,
    isAwaited: () => boolean,
  ): Promise<unknown[]> {
    const claim = await this.take(ticket, context).catch((error) => this.refuse(context, error));
    expectInnerStamps(context);
    let values: unknown[];
    try {
      // Of no value at all Nest makes an error, too.
      const handled = () => lastValueFrom(next.handle().pipe(throwIfEmpty(), toArray()));
      // The storage costs time, which a handler with one stamp need not spend.
      values = await (this.stamped.count(context) > 1 ? holding.run(context, handled) : handled());
    } catch (error) {
      if (!isAwaited()) this.log.unheard(ticket, error);
      await this.release(claim);
      throw error;
    }
    if (isAwaited() && this.outcome.isFailure(context)) await this.release(claim);
    else await this.stamp(claim, values).catch((error) => this.refuse(context, error));
    return values;
  }

  /** A ticket that cannot be given back stays closed; the guest is told what went wrong first. */
  private async release(claim: Claim): Promise<void> {
    await claim.release().catch((error: unknown) => this.log.unreleased(claim.ticket, error));
  }

  /** What the handler has made is not for the guest when the ticket could not be stamped. */
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

/** Closes what values that will not be sent hold open: nobody else would, and a file has a descriptor. */
export function destroyUnsent(values: readonly unknown[]): void {
  for (const value of values) {
    if (value instanceof StreamableFile) value.getStream()?.destroy?.();
  }
}
