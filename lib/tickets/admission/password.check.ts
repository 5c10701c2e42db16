import { Injectable } from '@nestjs/common';
import type { CredentialsLike } from '../credentials.js';
import { TicketEvents } from '../events/ticket.events.js';
import type { Scope } from '../scope.js';
import { type SecretScope, type Verdict, Verifiers } from '../secrets/verifier.js';
import type { TicketRow } from '../store/ticket.row.js';
import { GuessLimit } from './guess.limit.js';
import { PasswordQueue } from './password.queue.js';

/** Credentials, and the place and purpose that they are presented for. */
export interface PresentedCredentials extends CredentialsLike, Scope {}

/** What the secret must be bound to, to be right there. */
export const secretScopeOf = (
  { uuid, place, purpose }: PresentedCredentials,
  row: TicketRow | undefined,
): SecretScope => ({ uuid, place, purpose, generation: row?.generation ?? 0 });

/** The verdict on a secret, and the row that it was checked against. */
export interface CheckResult {
  readonly row: TicketRow | undefined;
  readonly verdict: Verdict | 'locked';
}

/** Checks passwords and codes, which a stranger can guess: in the queue for argon2, and counted. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly queue: PasswordQueue,
    private readonly limit: GuessLimit,
    private readonly verifiers: Verifiers,
    private readonly events: TicketEvents,
  ) {}

  /**
   * Runs inside the queue slot: a waiting guess is not counted yet, and its row not read.
   *
   * @param disconnected see {@link PasswordQueue.run}
   * @throws TicketBusyError while a transaction holds the ticket's row
   * @throws TicketOfficeBusyError when too many are waiting, or there is no memory
   */
  check(presented: PresentedCredentials, disconnected?: () => AbortSignal): Promise<CheckResult> {
    return this.queue.run(async () => {
      const { row, verdict, locks } = await this.limit.counted(presented.uuid, (known, verifier) =>
        this.verifiers.checkPassword(presented.password, secretScopeOf(presented, known), verifier),
      );
      if (row && locks) this.events.emit('locked', row);
      return { row, verdict };
    }, disconnected);
  }
}
