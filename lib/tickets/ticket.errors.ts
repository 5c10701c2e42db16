/** The codes of the errors that guests get. */
export type GuestErrorCode =
  | 'TICKET_MISSING'
  | 'TICKET_INVALID'
  | 'TICKET_USED'
  | 'TICKET_EXPIRED'
  | 'TICKET_REVOKED'
  | 'TICKET_BUSY'
  | 'TICKET_OFFICE_BUSY';

/** The stable codes of {@link TicketError}, for programs; the messages are for people and may change. */
export type TicketErrorCode =
  | GuestErrorCode
  | 'TICKET_NOT_FOUND'
  | 'TICKET_DUPLICATE'
  | 'TICKET_LOCKED'
  | 'TICKET_INPUT'
  | 'TICKET_OFFICE_CONFIGURATION';

/** The base class of all errors of the ticket office; `code` tells them apart. */
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
    super('A link or a code is needed here.');
  }
}

/**
 * The credentials do not admit here. They may be unknown, wrong, malformed or for another place: error and message are
 * the same, so that a stranger learns nothing from them.
 */
export class CredentialsError extends TicketError {
  override readonly code = 'TICKET_INVALID';

  constructor() {
    super('This link or code is not valid here.');
  }
}

/** The ticket was used before. Only its holder gets this error. */
export class TicketUsedError extends TicketError {
  override readonly code = 'TICKET_USED';

  /** @param usedAt the instant of the stamp */
  constructor(readonly usedAt: Date) {
    super('This link or code has already been used.');
  }
}

/** The ticket has expired. Only its holder gets this error. */
export class TicketExpiredError extends TicketError {
  override readonly code = 'TICKET_EXPIRED';

  /** @param expiresAt the first instant at which the ticket was no longer valid */
  constructor(readonly expiresAt: Date) {
    super('This link or code has expired.');
  }
}

/** The app has revoked the ticket. Only its holder gets this error. */
export class TicketRevokedError extends TicketError {
  override readonly code = 'TICKET_REVOKED';

  /** @param revokedAt the instant of the revocation */
  constructor(readonly revokedAt: Date) {
    super('This link or code has been revoked.');
  }
}

/**
 * Another claim holds the ticket, or a transaction its row: try again in a moment. With `claimedAt` a moment most likely
 * does not help: the claim has been there for longer than a handler takes.
 */
export class TicketBusyError extends TicketError {
  override readonly code = 'TICKET_BUSY';
  /**
   * The instant of a claim that is older than ten minutes; without the option `abandonedAfter`. Most likely its process
   * has ended, and `reopen()` must free the ticket. But work with `claim()` that takes so long, such as a large download,
   * may still run, and stamp or release the ticket itself: look before you call `reopen()`.
   */
  readonly claimedAt: Date | undefined;

  constructor(
    message = 'This link or code is being used right now.',
    options: ErrorOptions & { readonly claimedAt?: Date } = {},
  ) {
    super(message, options);
    this.claimedAt = options.claimedAt;
  }
}

/**
 * The ticket office cannot answer right now: its database is down or overloaded, too many passwords wait to be hashed,
 * or there is no memory to hash one; see `cause`. Before the work begins, nothing was done: try again in a moment. When
 * a claim's `stamp()` throws it, the work was done, and the ticket may stay claimed.
 */
export class TicketOfficeBusyError extends TicketError {
  override readonly code = 'TICKET_OFFICE_BUSY';

  constructor(options?: ErrorOptions) {
    super('The server is busy. Try again in a moment.', options);
  }
}

/** No ticket has this uuid. Only the app gets this error; guests get a {@link CredentialsError}. */
export class TicketNotFoundError extends TicketError {
  override readonly code = 'TICKET_NOT_FOUND';

  constructor() {
    super('There is no such ticket.');
  }
}

/**
 * A valid ticket for the same place, purpose and subject stands, and `issue()` was told to reject duplicates; nothing was
 * issued. Only the app gets this error.
 */
export class DuplicateTicketError extends TicketError {
  override readonly code = 'TICKET_DUPLICATE';

  /** @param uuid of the ticket that stands */
  constructor(readonly uuid: string) {
    super('There is a valid ticket for this place, purpose and subject already.');
  }
}

/**
 * Too many guesses at the ticket's password or code were wrong: another secret would not open it. Only the app gets this
 * error; guests get a {@link CredentialsError}.
 */
export class TicketLockedError extends TicketError {
  override readonly code = 'TICKET_LOCKED';

  constructor() {
    super('Too many wrong guesses have locked this ticket for good: issue another one.');
  }
}

/** The app passed invalid input; nothing was changed. `faults` has one sentence for each problem. */
export class TicketInputError extends TicketError {
  override readonly code = 'TICKET_INPUT';
  /** Which input of `issueMany()` is meant, counted from 0; `undefined` for all other calls. */
  readonly index: number | undefined;

  constructor(
    call: string,
    readonly faults: readonly string[],
    { index }: { readonly index?: number } = {},
  ) {
    super(`${call}${index === undefined ? '' : `, input ${index}`}: ${faults.join('; ')}`);
    this.index = index;
  }
}

/**
 * An option, an entity or a decorator of the app is missing or wrong, or the app saves a ticket over what has become of it.
 * Thrown at boot wherever it can be seen there.
 */
export class TicketOfficeConfigurationError extends TicketError {
  override readonly code = 'TICKET_OFFICE_CONFIGURATION';
}
