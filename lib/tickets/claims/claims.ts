import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { transientErrorOf, RowTakenError } from '../../database/fault.js';
import { reasonOf, refusal } from '../ticket.refusal.js';
import { TicketEvents } from '../events/ticket.events.js';
import { withRetries, TicketDatabase } from '../store/ticket.database.js';
import { generationOf, ticketOf } from '../store/ticket.row.js';
import { type Given, TicketStore } from '../store/ticket.store.js';
import type { Ticket } from '../ticket.entity.js';
import { CredentialsError, TicketBusyError, TicketError, TicketInputError } from '../ticket.errors.js';
import { abandonedUntil, TicketSettings } from '../ticket.settings.js';
import { type Claim, LastingClaim } from './claim.js';
import { TransactionClaim } from './transaction-claim.js';

/** On what terms a ticket is to be had: as the claimant knows it, now. */
type Terms = Given<'claim'>;

/** Decides who gets a ticket that several want. */
@Injectable()
export class Claims {
  constructor(
    private readonly database: TicketDatabase,
    private readonly store: TicketStore,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
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
  async take(ticket: Ticket): Promise<Claim> {
    const id = randomUUID();
    const claim = new LastingClaim(ticket, id, this.store, this.settings.now, this.events);
    let isUnsure = false;
    try {
      await this.contend('claim()', ticket, id, async (terms, again) => {
        const winning = this.store.tryToWin('claim', terms, again);
        winning.catch((error: unknown) => (isUnsure ||= isUnanswered(error)));
        return (await winning) ? claim : undefined;
      });
      this.events.emit('claimed', ticket);
      return claim;
    } catch (error) {
      // It may have been written, its answer lost: who goes away leaves no claim behind, if that can be helped.
      if (isUnsure) await claim.release().catch(() => undefined);
      throw this.refuse(ticket, error);
    }
  }

  /** The same in a transaction, which is open afterwards. */
  takeInTransaction(ticket: Ticket): Promise<TransactionClaim> {
    const bid = (terms: Terms) =>
      TransactionClaim.begin(ticket, terms, this.database, this.store, this.events);
    return this.contend('redeem()', ticket, randomUUID(), bid).catch((error: unknown) => {
      throw this.refuse(ticket, error);
    });
  }

  private async contend<C>(
    call: string,
    ticket: Ticket,
    claimId: string,
    bid: (terms: Terms, again: boolean) => Promise<C | undefined>,
  ): Promise<C> {
    const generation = knownGeneration(call, ticket);
    const { uuid, place, purpose } = ticket;
    const attempt = async (again: boolean): Promise<C> => {
      const now = this.settings.now();
      const bounds = { now: now.getTime(), abandoned: abandonedUntil(this.settings, now) };
      const terms = { uuid, place, purpose, generation, claimId, ...bounds };
      const claim = await bid(terms, again);
      if (claim) return claim;
      throw await this.whyLost(ticket, terms, now);
    };
    return withRetries(attempt, { idempotent: true });
  }

  private refuse(ticket: Ticket, error: unknown): unknown {
    if (!(error instanceof TicketError)) return error;
    const reason = error instanceof CredentialsError ? 'reissued' : reasonOf(error);
    if (reason) this.events.emitRefused(ticket, reason, true);
    return error;
  }

  /** Only for the message, or to try again: the claim is lost already, whatever the row says by now. */
  private async whyLost(ticket: Ticket, terms: Terms, now: Date): Promise<TicketError | RowTakenError> {
    const row = await this.store.load(ticket.uuid);
    if (!row || row.generation !== terms.generation || !ticket.isAppropriate(row.place, row.purpose)) {
      return new CredentialsError();
    }
    const over = refusal(ticketOf(row), now);
    if (over) return over;
    const isRivals = row.claimId !== null && row.claimId !== terms.claimId;
    if (isRivals && row.claimedAt!.getTime() > (terms.abandoned as number)) return new TicketBusyError();
    // Free, or one's own since a try whose answer was lost, and yet not to be had: by a transaction that holds it.
    return new RowTakenError();
  }
}

/** Whether a try has failed without a word on what became of it. */
const isUnanswered = (error: unknown): boolean => [undefined, 'lost'].includes(transientErrorOf(error));

function knownGeneration(call: string, ticket: Ticket): number {
  const generation = generationOf(ticket);
  if (generation !== undefined) return generation;
  throw new TicketInputError(call, [
    'ticket must come from authenticate(), issue(), find() or list(), itself and not a copy',
  ]);
}
