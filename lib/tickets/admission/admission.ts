import { Injectable } from '@nestjs/common';
import { canonicalUuid, readCredentials } from '../credentials.js';
import type { RefusalReason } from '../events/ticket.event.js';
import { TicketEvents } from '../events/ticket.events.js';
import { isSameScope, type Scope } from '../scope.js';
import { isGeneratedSecret } from '../secrets/secret.js';
import { Verifiers } from '../secrets/verifier.js';
import { readable, ticketOf, type TicketRow } from '../store/ticket.row.js';
import { TicketStore } from '../store/ticket.store.js';
import type { Ticket } from '../ticket.entity.js';
import { CredentialsError, NoTicketError } from '../ticket.errors.js';
import { refusal } from '../ticket.refusal.js';
import { TicketSettings } from '../ticket.settings.js';
import {
  type CheckResult,
  PasswordCheck,
  type PresentedCredentials,
  secretScopeOf,
} from './password.check.js';
import { Refusals } from './refusals.js';

/** Decides which guests are admitted. Uses nothing up. */
@Injectable()
export class Admission {
  constructor(
    private readonly store: TicketStore,
    private readonly verifiers: Verifiers,
    private readonly passwordCheck: PasswordCheck,
    private readonly refusals: Refusals,
    private readonly events: TicketEvents,
    private readonly settings: TicketSettings,
  ) {}

  /**
   * @param disconnected returns a signal that is aborted when nobody waits for the answer any more
   * @throws CredentialsError to a stranger, whatever is wrong; to a holder, the error that says why the ticket is over
   * @throws TicketBusyError while a transaction holds a ticket whose password is a human's
   * @throws TicketOfficeBusyError when too many human passwords wait to be checked
   */
  async byCredentials(credentials: unknown, scope: Scope, disconnected?: () => AbortSignal): Promise<Ticket> {
    const read = readCredentials(credentials);
    if (!read) throw this.refuseMalformed(credentials, scope);
    const { place, purpose } = scope;
    const presented = { ...read, place, purpose };
    const result = isGeneratedSecret(presented.password)
      ? await this.checkGenerated(presented)
      : await this.passwordCheck.check(presented, disconnected);
    if (result.row && result.verdict === 'right') return this.admit(result.row, scope);
    throw this.refusals.stranger(presented.uuid, scope, strangerReason(presented, result));
  }

  /**
   * Admits a guest who presented the right secret before: a pass names the ticket and the secret's generation.
   *
   * @throws NoTicketError when the ticket is gone, or has another secret by now: the pass is as if absent
   * @throws CredentialsError when its row cannot be read
   * @throws the error that says why the ticket is over
   */
  async byPass(
    { uuid, generation }: { readonly uuid: string; readonly generation: number },
    scope: Scope,
  ): Promise<Ticket> {
    const row = await this.store.load(uuid);
    if (row && !readable(row)) throw this.refusals.holder(uuid, scope, new CredentialsError(), 'unreadable');
    if (row?.generation === generation) return this.admit(row, scope);
    throw this.refusals.holder(uuid, scope, new NoTicketError(), row ? 'reissued' : 'unknown');
  }

  /**
   * Admits a ticket that was admitted before. The claim checks what has become of it since.
   *
   * @throws CredentialsError when it is for another place or purpose
   */
  inHand(ticket: Ticket, scope: Scope): Ticket {
    if (isSameScope(ticket, scope)) return ticket;
    throw this.refusals.holder(ticket.uuid, scope, new CredentialsError(), 'elsewhere');
  }

  private async checkGenerated(presented: PresentedCredentials): Promise<CheckResult> {
    const row = await this.store.load(presented.uuid);
    const known = readable(row);
    const scope = secretScopeOf(presented, known);
    return { row, verdict: this.verifiers.checkGenerated(presented.password, scope, known?.verifier) };
  }

  /** Admits a holder, unless the ticket is over. */
  private admit(row: TicketRow, scope: Scope): Ticket {
    const ticket = this.inHand(ticketOf(row), scope);
    const over = refusal(ticket, this.settings.now());
    if (over) throw this.refusals.holder(row.uuid, scope, over);
    this.events.emit('admitted', ticket);
    return ticket;
  }

  private refuseMalformed(credentials: unknown, scope: Scope): CredentialsError {
    // The event shows the uuid where it is one, and never what was presented instead.
    const uuid = canonicalUuid((Object(credentials) as { uuid?: unknown }).uuid) ?? null;
    return this.refusals.stranger(uuid, scope, 'malformed');
  }
}

/** For the app alone; a stranger learns nothing of it. */
function strangerReason(presented: PresentedCredentials, { row, verdict }: CheckResult): RefusalReason {
  if (!row) return 'unknown';
  if (!readable(row)) return 'unreadable';
  return verdict === 'wrong' && !isSameScope(row, presented)
    ? 'elsewhere'
    : (verdict as Exclude<typeof verdict, 'right'>);
}
