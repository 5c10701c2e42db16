import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { type Observable, tap } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { calledBy } from '../called-method.js';
import { invitationOf, nothingAdmitted, setTransaction } from '../invitations/invitation.context.js';
import type { Ticket } from '../tickets/ticket.entity.js';

/** What {@link recordStamps} takes. */
export interface RecordStampsOptions {
  /** What `@InvitationManager()` gets: an EntityManager of the test's, or what the handler uses of one. */
  readonly manager?: EntityManager;
}

/** Stands in for a stamp in a test, and writes nothing down but here. */
export interface RecordedStamps extends NestInterceptor {
  /** The ticket of each handler that has succeeded, in that order. */
  readonly used: readonly Ticket[];
}

/**
 * Makes an interceptor that stands in for StampInvitation or StampInTransaction in a test: it runs the handler, and
 * records its ticket where the handler has not thrown.
 *
 * @example
 * const stamps = recordStamps();
 * // .overrideInterceptor(StampInvitation).useValue(stamps)
 * expect(stamps.used).toEqual([ticket]);
 */
export function recordStamps({ manager }: RecordStampsOptions = {}): RecordedStamps {
  const used: Ticket[] = [];
  const intercept = (context: ExecutionContext, next: CallHandler): Observable<unknown> => {
    const ticket = invitationOf(context);
    if (!ticket) throw nothingAdmitted(`${calledBy(context)} has a stamp`, context);
    if (manager) setTransaction(context, manager);
    return next.handle().pipe(tap({ complete: () => used.push(ticket) }));
  };
  return { used, intercept };
}
