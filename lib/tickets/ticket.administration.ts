import type { EntityManager } from 'typeorm';
import { assertCleanInput, type CleanedCounts, type CleanInput } from './clean.input.js';
import { assertManager } from './input/manager.input.js';
import { readUuid } from './input/uuid.input.js';
import { assertListInput, type ListInput } from './list.input.js';
import { assertReissueInput, type ReissueInput } from './reissue.input.js';
import type { TicketCleaner } from './ticket.cleaner.js';
import type { Ticket } from './ticket.entity.js';
import type { IssuedTicket } from './ticket.issuer.js';
import type { TicketRegister } from './ticket.register.js';
import type { TicketReissuer } from './ticket.reissuer.js';

/** The half of {@link TicketService} for the app itself: what can be done with a ticket by its name. */
export abstract class TicketAdministration {
  constructor(
    private readonly register: TicketRegister,
    private readonly reissuer: TicketReissuer,
    private readonly cleaner: TicketCleaner,
  ) {}

  /**
   * Withdraws a ticket, and the passes that it gave. A handler that runs on it already runs to its end.
   *
   * @param manager to revoke it in the app's own transaction
   * @returns whether this call revoked it: `false` when there is none, or it is used or revoked already
   * @throws TicketInputError for what is no string, or no EntityManager
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async revoke(uuid: string, manager?: EntityManager): Promise<boolean> {
    const canonical = readUuid('revoke()', uuid);
    assertManager('revoke()', manager);
    return canonical !== undefined && this.register.revoke(canonical, manager);
  }

  /**
   * Gives a ticket another secret, for a guest who has lost theirs. The old one and its passes are worth nothing from
   * then on; wrong guesses that were made still count: another code for a locked ticket is locked, too
   * (`list({ status: 'locked' })` shows such). Issue another ticket then.
   *
   * @param input `{ expiresIn }` for another expiry
   * @param manager to do it in the app's own transaction
   * @throws NoTicketError when there is no such ticket
   * @throws TicketUsedError, TicketRevokedError; TicketExpiredError without `expiresIn`
   * @throws TicketBusyError while a claim holds it
   * @throws TicketInputError that names every fault of the input
   * @throws TicketOfficeBusyError when the database could not answer: the old secret may be dead then; call it again
   */
  async reissue<T = unknown>(
    uuid: string,
    input: ReissueInput = {},
    manager?: EntityManager,
  ): Promise<IssuedTicket<T>> {
    const canonical = readUuid('reissue()', uuid);
    assertReissueInput(input);
    assertManager('reissue()', manager);
    return this.reissuer.reissue<T>(canonical, input, manager);
  }

  /**
   * Frees a ticket whose claim will never be stamped nor released, since its holder crashed. Should the holder live
   * after all, it can do neither from then on. `list({ status: 'claimed' })` shows such tickets.
   *
   * @param manager to do it in the app's own transaction
   * @returns whether this call freed it: `false` when there is none, or no claim holds it
   * @throws TicketInputError for what is no string, or no EntityManager
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async reopen(uuid: string, manager?: EntityManager): Promise<boolean> {
    const canonical = readUuid('reopen()', uuid);
    assertManager('reopen()', manager);
    return canonical !== undefined && this.register.reopen(canonical, manager);
  }

  /**
   * Finds a ticket by its name; `null` when there is none.
   *
   * @throws TicketInputError for what is no string
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async find<T = unknown>(uuid: string): Promise<Ticket<T> | null> {
    const canonical = readUuid('find()', uuid);
    return canonical === undefined ? null : this.register.find<T>(canonical);
  }

  /**
   * Lists tickets, oldest first, a page at a time.
   *
   * @example
   * const page = await tickets.list({ status: 'claimed' });
   * const next = await tickets.list({ status: 'claimed', after: page.at(-1)?.uuid });
   * @throws TicketInputError that names every fault of the input
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async list<T = unknown>(input: ListInput = {}): Promise<Ticket<T>[]> {
    assertListInput(input);
    return this.register.list<T>(input);
  }

  /**
   * Deletes tickets that are over: used, revoked or expired; never one that a claim holds. In batches, so that nobody
   * waits long, and so that it may be interrupted and called again.
   *
   * @returns how many were deleted, by why they were over
   * @throws TicketInputError that names every fault of the input
   * @throws TicketOfficeBusyError when the database could not answer; what was deleted before stays deleted
   * @throws the `signal`'s reason when that is aborted
   */
  async clean(input: CleanInput = {}): Promise<CleanedCounts> {
    assertCleanInput(input);
    return this.cleaner.clean(input);
  }
}
