import { TicketOfficeBusyError } from '../ticket.errors.js';

/** For a transaction that the work, or the database, has ended. */
export const endedEarly = (cause?: unknown): TicketOfficeBusyError =>
  new TicketOfficeBusyError({
    cause: new Error(
      'The transaction has ended before the work: a statement in it has failed, or ended it. Let such errors leave the work',
      { cause },
    ),
  });

/** For a transaction within that is still open. */
export const savepointLeftOpen = (): TicketOfficeBusyError =>
  new TicketOfficeBusyError({
    cause: new Error(
      'The work has begun a transaction of its own, which has not ended. Await it in the work',
    ),
  });
