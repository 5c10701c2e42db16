/** The stable codes of {@link TicketError}, for programs; the messages are for people and may change. */
export type TicketErrorCode =
  | 'TICKET_MISSING'
  | 'TICKET_INVALID'
  | 'TICKET_USED'
  | 'TICKET_EXPIRED'
  | 'TICKET_REVOKED'
  | 'TICKET_BUSY'
  | 'TICKET_OFFICE_BUSY'
  | 'TICKET_NOT_FOUND'
  | 'TICKET_INPUT'
  | 'TICKET_OFFICE_CONFIGURATION';

/** What every error of the ticket office is: catch this one to catch them all, and tell them apart by `code`. */
export abstract class TicketError extends Error {
  abstract readonly code: TicketErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The guest has presented no ticket: neither credentials nor a pass. */
export class NoTicketError extends TicketError {
  override readonly code = 'TICKET_MISSING';

  constructor() {
    super('A ticket is required here.');
  }
}

/**
 * The credentials do not admit here. Unknown, wrong, malformed and meant-for-elsewhere are one and the same
 * error with one and the same message, so that a stranger learns nothing from it.
 */
export class CredentialsError extends TicketError {
  override readonly code = 'TICKET_INVALID';

  constructor() {
    super('This ticket is not valid here.');
  }
}

/** The ticket has done its one thing. Only told to a holder. */
export class TicketUsedError extends TicketError {
  override readonly code = 'TICKET_USED';

  /** @param usedAt the instant of the stamp */
  constructor(readonly usedAt: Date) {
    super('This ticket has already been used.');
  }
}

/** The ticket's time is over. Only told to a holder. */
export class TicketExpiredError extends TicketError {
  override readonly code = 'TICKET_EXPIRED';

  /** @param expiresAt the first instant at which the ticket was no longer valid */
  constructor(readonly expiresAt: Date) {
    super('This ticket has expired.');
  }
}

/** The ticket was withdrawn by the one who issued it. Only told to a holder. */
export class TicketRevokedError extends TicketError {
  override readonly code = 'TICKET_REVOKED';

  /** @param revokedAt the instant of the revocation */
  constructor(readonly revokedAt: Date) {
    super('This ticket has been revoked.');
  }
}

/** The ticket is being used right now, by somebody else's claim: try again in a moment. */
export class TicketBusyError extends TicketError {
  override readonly code = 'TICKET_BUSY';

  constructor(message = 'This ticket is being used right now.', options?: ErrorOptions) {
    super(message, options);
  }
}

/**
 * The ticket office itself cannot answer right now: its database is down or overburdened, too many passwords wait to
 * be hashed, or there is no memory for that. `cause` says what. Thrown before the work begins, nothing was done: try
 * again in a moment. By a stamp, the work was done, and the ticket may stay claimed.
 */
export class TicketOfficeBusyError extends TicketError {
  override readonly code = 'TICKET_OFFICE_BUSY';

  constructor(options?: ErrorOptions) {
    super('The ticket office is busy. Try again in a moment.', options);
  }
}

/** No ticket has this uuid. For the app alone; guests get a {@link CredentialsError}. */
export class TicketNotFoundError extends TicketError {
  override readonly code = 'TICKET_NOT_FOUND';

  constructor() {
    super('There is no such ticket.');
  }
}

/** A call of the API had bad input; nothing was touched. `faults` has one sentence for each fault. */
export class TicketInputError extends TicketError {
  override readonly code = 'TICKET_INPUT';

  constructor(
    call: string,
    readonly faults: readonly string[],
  ) {
    super(`${call}: ${faults.join('; ')}`);
  }
}

/** The app is put together wrongly: an option, an entity or a decorator is missing or amiss. At boot where it shows there. */
export class TicketOfficeConfigurationError extends TicketError {
  override readonly code = 'TICKET_OFFICE_CONFIGURATION';
}
