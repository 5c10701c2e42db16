import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RowTakenError } from '../../database/fault.js';
import { Refusals } from '../admission/refusals.js';
import { TicketEvents } from '../events/ticket.events.js';
import { TicketDatabase } from '../store/ticket.database.js';
import { generationOf, isUnreadable, readable, ticketOf } from '../store/ticket.row.js';
import { type Given, TicketStore } from '../store/ticket.store.js';
import type { Ticket } from '../ticket.entity.js';
import { CredentialsError, TicketBusyError, TicketError, TicketInputError } from '../ticket.errors.js';
import { refusal } from '../ticket.refusal.js';
import { abandonedUntil, TicketSettings } from '../ticket.settings.js';
import { type Claim, LastingClaim } from './claim.js';
import { OpenClaims } from './open-claims.js';
import { OverdueClaims } from './overdue-claims.js';
import { TransactionClaim } from './transaction-claim.js';

/** Decides which of several claimants gets a ticket. */
@Injectable()
export class Claims implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly open = new OpenClaims();

  constructor(
    private readonly database: TicketDatabase,
    private readonly store: TicketStore,
    private readonly refusals: Refusals,
    private readonly overdue: OverdueClaims,
    private readonly events: TicketEvents,
    private readonly settings: TicketSettings,
  ) {}

  /**
   * Takes the ticket, by one conditional UPDATE that re-checks everything.
   *
   * @throws TicketBusyError while another claim holds it
   * @throws TicketUsedError, TicketRevokedError, TicketExpiredError when it is over
   * @throws CredentialsError when it is gone, has another secret by now, or its row cannot be read
   * @throws TicketOfficeBusyError when the database could not answer
   * @throws TicketInputError for an object that did not come from the ticket office
   */
  async take(ticket: Ticket): Promise<Claim> {
    const generation = this.knownGeneration('claim()', ticket);
    const id = randomUUID();
    const claim = new LastingClaim(ticket, id, this.store, this.settings.now, this.events);
    const attempt = async (isRetry: boolean): Promise<Claim> => {
      const conditions = this.conditions(ticket, generation, id);
      if (await this.store.tryToWin('claim', conditions, isRetry)) return claim;
      throw await this.whyLost(ticket, conditions);
    };
    // The claim may be on the row although its answer was lost: release it, best effort.
    const onUnknownOutcome = () => this.store.win('release', { uuid: ticket.uuid, claimId: id });
    await this.database
      .withRetries(attempt, { idempotent: true, onUnknownOutcome })
      .catch((error: unknown) => this.refuse(ticket, error));
    this.events.emit('claimed', ticket);
    return claim;
  }

  /** The same in a transaction, which is open afterwards. */
  async takeInTransaction(ticket: Ticket): Promise<TransactionClaim> {
    const generation = this.knownGeneration('redeem()', ticket);
    const id = randomUUID();
    const attempt = async (): Promise<TransactionClaim> => {
      const conditions = this.conditions(ticket, generation, id);
      const claim = await TransactionClaim.begin(ticket, conditions, this.database, this.store, this.events);
      if (claim) return claim;
      throw await this.whyLost(ticket, conditions);
    };
    return this.database
      .withRetries(attempt, { idempotent: true })
      .catch((error: unknown) => this.refuse(ticket, error));
  }

  /** Runs work that takes the ticket and ends its claim: the app does not close before. */
  during<T>(ticket: Ticket, work: () => Promise<T>): Promise<T> {
    return this.open.during(ticket, work);
  }

  /** Whether a guest is served now. */
  get areOpen(): boolean {
    return this.open.count > 0;
  }

  /** The server closes as soon as guests have disconnected; the stamp needs the data source, which closes later. */
  beforeApplicationShutdown(): Promise<void> {
    return this.open.ended();
  }

  /** Once more, for requests that came before the server was closed. Nest calls the hooks of one module all at once. */
  async onApplicationShutdown(): Promise<void> {
    await this.open.ended();
    await this.database.close();
  }

  /** What must hold of the row, so that the claim is won: the ticket as the claimant knows it, at this moment. */
  private conditions(
    { uuid, place, purpose }: Ticket,
    generation: number,
    claimId: string,
  ): Given<'claim'> & Given<'stampUnclaimed'> {
    const now = this.settings.now();
    const bounds = { now: now.getTime(), abandoned: abandonedUntil(this.settings, now) };
    return { uuid, place, purpose, generation, claimId, ...bounds };
  }

  /** Only for the message, or to try again: the claim is lost already, whatever the row says by now. */
  private async whyLost(ticket: Ticket, lost: Given<'claim'>): Promise<TicketError | RowTakenError> {
    const row = readable(await this.store.load(ticket.uuid));
    if (!row || row.generation !== lost.generation || !ticket.isAppropriate(row.place, row.purpose)) {
      return new CredentialsError();
    }
    const over = refusal(ticketOf(row), new Date(lost.now as number));
    if (over) return over;
    const isRivals = row.claimId !== null && row.claimId !== lost.claimId;
    // A claim without its instant is never abandoned.
    const claimedAt = row.claimedAt?.getTime() ?? Infinity;
    if (isRivals && claimedAt > (lost.abandoned as number))
      return this.settings.abandonedAfter === null
        ? this.overdue.busy(ticket.uuid, row.claimedAt, lost.now as number)
        : new TicketBusyError();
    // Free, or claimed by an earlier try whose answer was lost, and still not to be had: a transaction holds the row.
    return new RowTakenError();
  }

  private refuse(ticket: Ticket, error: unknown): never {
    if (!(error instanceof TicketError)) throw error;
    const reason = error instanceof CredentialsError ? 'reissued' : undefined;
    throw this.refusals.holder(ticket.uuid, ticket, error, reason);
  }

  private knownGeneration(call: string, ticket: Ticket): number {
    if (isUnreadable(ticket))
      throw this.refusals.holder(ticket.uuid, ticket, new CredentialsError(), 'unreadable');
    const generation = generationOf(ticket);
    if (generation !== undefined) return generation;
    throw new TicketInputError(call, [
      'ticket must come from authenticate(), issue(), reissue(), find(), list() or @Invitation(), itself and not a copy; in a test that overrides the guard, override the stamp, too, by recordStamps()',
    ]);
  }
}
