import { randomUUID } from 'node:crypto';
import { refusal } from './refusal.js';
import type { Ticket } from './ticket.entity.js';
import { CredentialsError, TicketBusyError, type TicketError, TicketInputError } from './ticket.errors.js';
import { generationOf, ticketOf } from './ticket.row.js';
import type { TicketStore } from './ticket.store.js';

/** A ticket taken for one action: nobody else can take it until it is stamped or released. */
export class Claim {
  /** Random, and on the row: only the claim that wrote it can stamp or release the ticket. */
  readonly #id = randomUUID();
  readonly #store: TicketStore;
  readonly #now: () => Date;

  private constructor(
    readonly ticket: Ticket,
    store: TicketStore,
    now: () => Date,
  ) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Takes the ticket, by one conditional UPDATE that re-checks everything.
   *
   * @throws TicketBusyError while another claim holds it
   * @throws TicketUsedError, TicketRevokedError, TicketExpiredError when it is over
   * @throws CredentialsError when it is gone, or has another secret by now
   * @throws TicketInputError for an object that did not come from the ticket office
   */
  static async take(ticket: Ticket, store: TicketStore, now: () => Date): Promise<Claim> {
    const generation = generationOf(ticket);
    if (generation === undefined) {
      throw new TicketInputError('claim()', [
        'ticket must come from authenticate() or find(), itself and not a copy',
      ]);
    }
    const claim = new Claim(ticket, store, now);
    const { uuid, place, purpose } = ticket;
    const at = now();
    const values = { uuid, place, purpose, generation, claimId: claim.#id, now: at.getTime() };
    if (await store.statements.claim.win(values)) return claim;
    throw await whyLost(ticket, generation, store, at);
  }

  /**
   * Marks the ticket used, for good: to be called when the action has succeeded.
   *
   * @throws TicketBusyError when the claim no longer holds the ticket; nothing was changed then
   */
  async stamp(): Promise<void> {
    const values = { uuid: this.ticket.uuid, claimId: this.#id, now: this.#now().getTime() };
    if (await this.#store.statements.stamp.win(values)) return;
    throw new TicketBusyError('This ticket is no longer held by the one who claimed it.');
  }

  /** Gives the ticket back, to be used another time; changes nothing when the claim no longer holds it. */
  async release(): Promise<void> {
    await this.#store.statements.release.win({ uuid: this.ticket.uuid, claimId: this.#id });
  }
}

/** Only for the message: the claim is lost already, whatever the row says by now. */
async function whyLost(
  ticket: Ticket,
  generation: number,
  store: TicketStore,
  now: Date,
): Promise<TicketError> {
  const row = await store.load(ticket.uuid);
  if (!row || row.generation !== generation || !ticket.isAppropriate(row.place, row.purpose)) {
    return new CredentialsError();
  }
  return refusal(ticketOf(row), now) ?? new TicketBusyError();
}
