import { Injectable } from '@nestjs/common';
import { canonicalUuid, readCredentials } from '../credentials.js';
import type { RefusalReason } from '../events/ticket.event.js';
import { TicketEvents } from '../events/ticket.events.js';
import { isGeneratedSecret } from '../secrets/secret.js';
import { Verifiers } from '../secrets/verifier.js';
import { ticketOf, type TicketRow } from '../store/ticket.row.js';
import { TicketStore } from '../store/ticket.store.js';
import type { Ticket } from '../ticket.entity.js';
import { CredentialsError, type TicketError } from '../ticket.errors.js';
import { TicketSettings } from '../ticket.settings.js';
import { type CheckResult, PasswordCheck, type PresentedCredentials, scopeOf } from './password.check.js';
import { reasonOf, refusal } from '../ticket.refusal.js';

/** Decides who is admitted. Uses nothing up. */
@Injectable()
export class Admission {
  constructor(
    private readonly store: TicketStore,
    private readonly verifiers: Verifiers,
    private readonly passwordCheck: PasswordCheck,
    private readonly events: TicketEvents,
    private readonly settings: TicketSettings,
  ) {}

  /**
   * @param disconnected makes a signal that is aborted when nobody waits for the answer any more
   * @throws CredentialsError to a stranger, whatever is wrong; to a holder, why the ticket is over
   * @throws TicketBusyError while a transaction holds a ticket whose password is a human's
   * @throws TicketOfficeBusyError when too many human passwords wait to be checked
   */
  async byCredentials(
    credentials: unknown,
    place: string,
    purpose: string,
    disconnected?: () => AbortSignal,
  ): Promise<Ticket> {
    const read = readCredentials(credentials);
    if (!read) throw this.refuseMalformed(credentials, place, purpose);
    const shown = { ...read, place, purpose };
    const found = isGeneratedSecret(shown.password)
      ? await this.checkGenerated(shown)
      : await this.passwordCheck.check(shown, disconnected);
    if (found.row && found.verdict === 'right') return this.admit(found.row, place, purpose);
    this.events.emitRefused(shown, strangerReason(shown, found), false);
    throw new CredentialsError();
  }

  /**
   * Admits whoever has shown the right secret before: a pass names the ticket and the secret's generation.
   *
   * @returns nothing when that ticket is gone, or has another secret by now: the pass is as if absent
   * @throws what tells a holder why the ticket is over
   */
  async byPass(
    pass: { uuid: string; generation: number },
    place: string,
    purpose: string,
  ): Promise<Ticket | undefined> {
    const { uuid } = pass;
    const row = await this.store.load(uuid);
    if (row?.generation === pass.generation) return this.admit(row, place, purpose);
    this.events.emitRefused({ uuid, place, purpose }, row ? 'reissued' : 'unknown', true);
    return undefined;
  }

  /**
   * Admits who was admitted before, and holds the ticket itself; what has become of it, the claim will tell.
   *
   * @throws CredentialsError when it is for another place or purpose
   */
  inHand(ticket: Ticket, place: string, purpose: string): Ticket {
    if (ticket.isAppropriate(place, purpose)) return ticket;
    throw this.refuseHolder({ uuid: ticket.uuid, place, purpose }, new CredentialsError());
  }

  private async checkGenerated(shown: PresentedCredentials): Promise<CheckResult> {
    const row = await this.store.load(shown.uuid);
    return {
      row,
      verdict: this.verifiers.checkGenerated(shown.password, scopeOf(shown, row), row?.verifier),
    };
  }

  /** To a holder. */
  private admit(row: TicketRow, place: string, purpose: string): Ticket {
    const ticket = ticketOf(row);
    const error = ticket.isAppropriate(place, purpose)
      ? refusal(ticket, this.settings.now())
      : new CredentialsError();
    if (error) throw this.refuseHolder({ uuid: row.uuid, place, purpose }, error);
    this.events.emit('admitted', ticket);
    return ticket;
  }

  private refuseHolder(shown: Omit<PresentedCredentials, 'password'>, error: TicketError): TicketError {
    this.events.emitRefused(shown, reasonOf(error) ?? 'elsewhere', true);
    return error;
  }

  private refuseMalformed(credentials: unknown, place: string, purpose: string): CredentialsError {
    // Its name, where that is one; never what was shown instead.
    const uuid = canonicalUuid((Object(credentials) as { uuid?: unknown }).uuid) ?? null;
    this.events.emitRefused({ uuid, place, purpose }, 'malformed', false);
    return new CredentialsError();
  }
}

/** For the app alone: strangers are told nothing of it. */
function strangerReason(shown: PresentedCredentials, { row, verdict }: CheckResult): RefusalReason {
  if (!row) return 'unknown';
  const isElsewhere = row.place !== shown.place || row.purpose !== shown.purpose;
  return verdict === 'wrong' && isElsewhere ? 'elsewhere' : (verdict as Exclude<typeof verdict, 'right'>);
}
