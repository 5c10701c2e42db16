import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RowTakenError } from '../database/database.errors.js';
import { abandonedUntil } from './abandonment.js';
import { type Claim, LastingClaim } from './claim.js';
import { persistently } from './persistence.js';
import { refusal } from './refusal.js';
import { TicketDatabase } from './ticket.database.js';
import type { Ticket } from './ticket.entity.js';
import {
  CredentialsError,
  TicketBusyError,
  type TicketError,
  TicketInputError,
  TicketOfficeBusyError,
} from './ticket.errors.js';
import { generationOf, ticketOf } from './ticket.row.js';
import { TicketSettings } from './ticket.settings.js';
import { type Given, TicketStore } from './ticket.store.js';
import { TransactionClaim } from './transaction.claim.js';

/** On what terms a ticket is to be had: as the claimant knows it, now. */
type Terms = Omit<Given<'claim'>, 'claimId'>;

/** Decides who gets a ticket that several want. */
@Injectable()
export class Claims {
  constructor(
    private readonly database: TicketDatabase,
    private readonly store: TicketStore,
    private readonly settings: TicketSettings,
  ) {}

  /**
   * Takes the ticket, by one conditional UPDATE that re-checks everything.
   *
   * @throws TicketBusyError while another claim holds it
   * @throws TicketUsedError, TicketRevokedError, TicketExpiredError when it is over
   * @throws CredentialsError when it is gone, or has another secret by now
   * @throws TicketOfficeBusyError when the database could not answer
   * @throws TicketInputError for an object that did not come from the ticket office
   */
  take(ticket: Ticket): Promise<Claim> {
    const id = randomUUID();
    const claim = new LastingClaim(ticket, id, this.store, this.settings.now);
    return this.contend('claim()', ticket, async (terms, again) =>
      (await this.store.claim({ ...terms, claimId: id }, again)) ? claim : undefined,
    ).catch(async (error: unknown) => {
      // It may have been written, its answer lost: who gives up leaves no claim behind, if that can be helped.
      if (error instanceof TicketOfficeBusyError) await claim.release().catch(() => undefined);
      throw error;
    });
  }

  /** The same in a transaction, which is open afterwards. */
  takeInTransaction(ticket: Ticket): Promise<TransactionClaim> {
    return this.contend('redeem()', ticket, (terms) =>
      TransactionClaim.begin(ticket, { ...terms, claimId: randomUUID() }, this.database, this.store),
    );
  }

  private async contend<C>(
    call: string,
    ticket: Ticket,
    bid: (terms: Terms, again: boolean) => Promise<C | undefined>,
  ): Promise<C> {
    const generation = knownGeneration(call, ticket);
    const { uuid, place, purpose } = ticket;
    return persistently(async (again) => {
      const now = this.settings.now();
      const bounds = { now: now.getTime(), abandoned: abandonedUntil(this.settings, now) };
      const claim = await bid({ uuid, place, purpose, generation, ...bounds }, again);
      if (claim) return claim;
      throw await this.whyLost(ticket, generation, now);
    });
  }

  /** Only for the message, or to try again: the claim is lost already, whatever the row says by now. */
  private async whyLost(ticket: Ticket, generation: number, now: Date): Promise<TicketError | RowTakenError> {
    const row = await this.store.load(ticket.uuid);
    if (!row || row.generation !== generation || !ticket.isAppropriate(row.place, row.purpose)) {
      return new CredentialsError();
    }
    const over = refusal(ticketOf(row), now);
    if (over) return over;
    const isClaimed = row.claimedAt !== null && row.claimedAt.getTime() > abandonedUntil(this.settings, now);
    // Free, and yet not to be had: by a transaction that nobody else sees yet.
    return isClaimed ? new TicketBusyError() : new RowTakenError();
  }
}

function knownGeneration(call: string, ticket: Ticket): number {
  const generation = generationOf(ticket);
  if (generation !== undefined) return generation;
  throw new TicketInputError(call, ['ticket must come from authenticate() or find(), itself and not a copy']);
}
