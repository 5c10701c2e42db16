import { Injectable } from '@nestjs/common';
import type { CredentialsLike } from '../credentials.js';
import { type Verdict, Verifiers, type VerifierScope } from '../secrets/verifier.js';
import type { TicketRow } from '../store/ticket.row.js';
import { TicketEvents } from '../events/ticket.events.js';
import { TicketStore } from '../store/ticket.store.js';
import { GuessLimit } from './guess.limit.js';
import { PasswordQueue } from './password.queue.js';
import { VerifierRenewal } from './verifier.renewal.js';

/** Credentials, and where they are shown. */
export interface PresentedCredentials extends CredentialsLike {
  readonly place: string;
  readonly purpose: string;
}

/** What the secret must be bound to, so that it is right there. */
export const scopeOf = (
  { uuid, place, purpose }: PresentedCredentials,
  row: TicketRow | undefined,
): VerifierScope => ({
  uuid,
  place,
  purpose,
  generation: row?.generation ?? 0,
});

/** What a check has found, and on which row. */
export interface CheckResult {
  readonly row: TicketRow | undefined;
  readonly verdict: Verdict | 'locked';
}

/** Checks what humans can remember, and so can guess: in the line for argon2, and counted. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly queue: PasswordQueue,
    private readonly store: TicketStore,
    private readonly limit: GuessLimit,
    private readonly verifiers: Verifiers,
    private readonly renewal: VerifierRenewal,
    private readonly events: TicketEvents,
  ) {}

  /**
   * All of it is done in the turn: who waits has not been counted, and knows the row only when its time has come.
   *
   * @param disconnected see {@link PasswordQueue.run}
   * @throws TicketBusyError while a transaction holds the ticket's row
   * @throws TicketOfficeBusyError when too many are waiting, or there is no memory
   */
  check(shown: PresentedCredentials, disconnected?: () => AbortSignal): Promise<CheckResult> {
    return this.queue.run(async () => {
      const row = await this.store.load(shown.uuid);
      const scope = scopeOf(shown, row);
      const { verdict, locks } = await this.limit.counted(shown.uuid, row, (against) =>
        this.verifiers.checkPassword(shown.password, scope, against?.verifier),
      );
      if (row && locks) this.events.emit('locked', row);
      if (row && verdict === 'right') await this.renewal.renew(row, shown.password, scope);
      return { row, verdict };
    }, disconnected);
  }
}
