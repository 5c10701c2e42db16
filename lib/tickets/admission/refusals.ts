import { Injectable } from '@nestjs/common';
import { AdviceLog } from '../advice.log.js';
import type { RefusalReason } from '../events/ticket.event.js';
import { TicketEvents } from '../events/ticket.events.js';
import type { Scope } from '../scope.js';
import { CredentialsError, type TicketError, type TicketErrorCode } from '../ticket.errors.js';

/** The reasons that an error already gives to the holder of a ticket. */
const REASONS: Partial<Record<TicketErrorCode, RefusalReason>> = {
  TICKET_USED: 'used',
  TICKET_REVOKED: 'revoked',
  TICKET_EXPIRED: 'expired',
  TICKET_BUSY: 'busy',
};

const UNKNOWN_KEY =
  'was issued under a secret that is not in the option `secret`, and admits nobody: add the old one to the list, secret: [new, old], until its tickets are over';

/** Refuses guests: emits every `refused` event, whose reason is for the app, and returns the error for the guest. */
@Injectable()
export class Refusals {
  constructor(
    private readonly events: TicketEvents,
    private readonly log: AdviceLog,
  ) {}

  /**
   * Refuses a stranger, whatever the reason, with one and the same error.
   *
   * @param uuid canonical; `null`: nothing was presented that could be one
   */
  stranger(uuid: string | null, scope: Scope, reason: RefusalReason): CredentialsError {
    this.events.emitRefused(uuid, scope, reason, false);
    if (reason === 'unknown-key') this.log.warn(reason, `Ticket ${uuid} ${UNKNOWN_KEY}`);
    return new CredentialsError();
  }

  /**
   * Refuses a holder with an error that gives the reason.
   *
   * @param reason for the event, where the error does not give it; an error without a reason emits none
   * @param advice to log, where the app's developer is to mend the reason
   */
  holder<E extends TicketError>(
    uuid: string,
    scope: Scope,
    error: E,
    reason = REASONS[error.code],
    advice?: string,
  ): E {
    if (reason) this.events.emitRefused(uuid, scope, reason, true);
    if (reason && advice !== undefined) this.log.warn(reason, advice);
    return error;
  }
}
