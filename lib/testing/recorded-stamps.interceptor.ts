import type { ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Answers } from '../invitations/answers/answers.js';
import { setTransaction } from '../invitations/invitation.context.js';
import { HandlerOutcome } from '../invitations/stamps/handler-outcome.js';
import { CLAIM_ADVICE, OutcomeLog } from '../invitations/stamps/outcome.log.js';
import { ResponseAccess } from '../invitations/stamps/response-access.js';
import { StampingInterceptor } from '../invitations/stamps/stamping.interceptor.js';
import type { Claim } from '../tickets/claims/claim.js';
import type { Claims } from '../tickets/claims/claims.js';
import { assertInput } from '../tickets/input/arguments.js';
import { describe, Optional, Rule } from '../tickets/input/rules.js';
import type { Ticket } from '../tickets/ticket.entity.js';

/** What {@link recordStamps} takes. */
export interface RecordStampsOptions {
  /** What `@InvitationManager()` gets: an EntityManager of the test's, or what the handler uses of one. */
  readonly manager?: EntityManager;
}

class RecordStampsRules {
  // A function may stand for all methods of one.
  @Optional()
  @Rule((value) =>
    Object(value) === value
      ? undefined
      : `must be an EntityManager, or what the handler uses of one, not ${describe(value)}`,
  )
  manager: unknown = undefined;
}

/** Stands in for a stamp in a test, and writes nothing down but here. */
export interface RecordedStamps extends NestInterceptor {
  /** The ticket of each handler that has succeeded, in that order. */
  readonly used: readonly Ticket[];
}

/**
 * Makes an interceptor that stands in for StampInvitation or StampInTransaction in a test: it runs the handler, and
 * records its ticket where those would stamp it. A handler that throws, sets or returns a status of 400 or more, or
 * returns a stream that fails before its first chunk is not recorded.
 *
 * @example
 * const stamps = recordStamps();
 * // .overrideInterceptor(StampInvitation).useValue(stamps)
 * expect(stamps.used).toEqual([ticket]);
 * @throws TicketInputError for anything but these options
 */
export function recordStamps(options: RecordStampsOptions = {}): RecordedStamps {
  assertInput('recordStamps()', options, RecordStampsRules);
  return new StampRecorder(options.manager);
}

/** Asks nothing of the app's container, which has not made it: each handler counts as one that may set the status. */
class AnyAccess extends ResponseAccess {
  constructor() {
    super(undefined as never, undefined as never);
  }

  protected override isReached(): boolean {
    return true;
  }
}

/** Nothing here takes the ticket in the database, or waits for it at the end of the app. */
const noClaims = { during: (_, work) => work() } as Pick<Claims, 'during'> as Claims;
/** The one answer that a stamp gives without a refusal needs no settings. */
const answers = new Answers(...([] as never as ConstructorParameters<typeof Answers>));

/** A stamp that decides as the real ones do, and writes to a list. */
class StampRecorder extends StampingInterceptor implements RecordedStamps {
  readonly used: Ticket[] = [];

  constructor(private readonly manager: EntityManager | undefined) {
    const log = new OutcomeLog(StampRecorder.name, CLAIM_ADVICE);
    super(noClaims, answers, new HandlerOutcome(new AnyAccess()), log);
  }

  protected async take(ticket: Ticket, context: ExecutionContext): Promise<Claim> {
    if (this.manager) setTransaction(context, this.manager);
    return {
      ticket,
      stamp: async () => void this.used.push(ticket),
      release: async () => undefined,
    };
  }
}
