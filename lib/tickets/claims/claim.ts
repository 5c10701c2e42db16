import type { TicketEvents } from '../events/ticket.events.js';
import type { TicketStore } from '../store/ticket.store.js';
import type { Ticket } from '../ticket.entity.js';
import { TicketBusyError } from '../ticket.errors.js';

/** A ticket taken for one action: no other claim can take it until it is stamped or released. */
export interface Claim {
  readonly ticket: Ticket;

  /**
   * Marks the ticket used, for good: call it when the action has succeeded.
   *
   * @throws TicketBusyError when the claim no longer holds the ticket; nothing was changed then
   * @throws TicketOfficeBusyError when the database could not answer; the ticket stays claimed, or is used
   */
  stamp(): Promise<void>;

  /**
   * Gives the ticket back, so that it can be used another time; changes nothing when the claim no longer holds it.
   *
   * @throws TicketOfficeBusyError when the database could not answer; the ticket may stay claimed
   */
  release(): Promise<void>;
}

/** A claim that is written on the row, where every process sees it. Outlasts the process that made it. */
export class LastingClaim implements Claim {
  readonly #id: string;
  readonly #store: TicketStore;
  readonly #now: () => Date;
  readonly #events: TicketEvents;

  /** @param id random, and on the row: only the claim that wrote it can stamp or release the ticket */
  constructor(
    readonly ticket: Ticket,
    id: string,
    store: TicketStore,
    now: () => Date,
    events: TicketEvents,
  ) {
    this.#id = id;
    this.#store = store;
    this.#now = now;
    this.#events = events;
  }

  async stamp(): Promise<void> {
    const given = { uuid: this.ticket.uuid, claimId: this.#id, now: this.#now().getTime() };
    if (!(await this.#store.win('stamp', given)))
      throw new TicketBusyError('This link or code has been taken over by another request.');
    this.#events.emit('stamped', this.ticket);
  }

  async release(): Promise<void> {
    const isReleased = await this.#store.win('release', { uuid: this.ticket.uuid, claimId: this.#id });
    if (isReleased) this.#events.emit('released', this.ticket);
  }
}
