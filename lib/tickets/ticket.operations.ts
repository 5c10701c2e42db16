import type { EntityManager } from 'typeorm';
import type { TicketCleaner } from './cleaning/ticket.cleaner.js';
import type {
  DataOf,
  DefinedCleanInput,
  DefinedCountInput,
  DefinedFilter,
  DefinedListInput,
} from './definitions/defined.types.js';
import {
  type Argument,
  isDefinition,
  type NoDefinition,
  type TicketDefinition,
} from './definitions/ticket.definition.js';
import { readUuid } from './input/arguments.js';
import { type CleanedCounts, type CleanInput, readCleanInput } from './input/clean.input.js';
import { type CountInput, readCountInput } from './input/count.input.js';
import type { TicketFilter } from './input/filter.input.js';
import { type ListInput, readListInput } from './input/list.input.js';
import { assertReissueInput, type ReissueInput } from './input/reissue.input.js';
import { readRevokeAllInput } from './input/revoke-all.input.js';
import type { IssuedTicket } from './issuing/ticket.drafts.js';
import type { Ticket } from './ticket.entity.js';
import type { OwnColumns } from './own-columns.js';
import type { OwnFields, TicketWith } from './own-columns.types.js';
import type { TicketFinder } from './ticket.finder.js';
import type { TicketInspection } from './ticket.inspection.js';
import type { TicketLifecycle } from './ticket.lifecycle.js';

/** What is done with tickets after they were issued, by the people who operate them: the other half of `TicketService`. */
export abstract class TicketOperations<E extends Ticket = Ticket> {
  /** @internal Called by Nest's container alone. */
  constructor(
    private readonly finder: TicketFinder,
    private readonly lifecycle: TicketLifecycle,
    private readonly cleaner: TicketCleaner,
    private readonly own: OwnColumns,
  ) {}

  /**
   * Makes a ticket and its passes invalid, for good. A handler that already runs with it runs to its end.
   *
   * @param manager to revoke it in the app's own transaction
   * @returns whether this call revoked it: `false` when there is none, or it is used or revoked already
   * @throws TicketInputError for a `uuid` that is no string, or a `manager` that is no EntityManager of the
   * tickets' data source
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async revoke(uuid: string, manager?: EntityManager): Promise<boolean> {
    return this.lifecycle.revoke(readUuid('revoke()', uuid), manager);
  }

  /**
   * Revokes every ticket of a definition, or those with one subject among them, that is neither used nor revoked.
   *
   * @example
   * await tickets.revokeAll(PasswordReset, { subject: account.id }, manager);
   * @throws as with a filter; and TicketInputError for a place with parameters that `params` do not fill
   */
  revokeAll<D extends TicketDefinition>(
    definition: D,
    ...filter: [...Argument<DefinedFilter<D>, OwnFields<E>>, manager?: EntityManager]
  ): Promise<number>;
  /**
   * Revokes every ticket with this place, purpose and subject that is neither used nor revoked, and its passes: all of
   * them or, after an error, none. Waits for transactions that hold one of them, as long as the database waits for a lock.
   * Once it has resolved, and the transaction of `manager` is committed, no such ticket that was committed before the call
   * admits anybody. (In a transaction of yours above READ COMMITTED, PostgreSQL does not find those that were committed
   * since it began.)
   *
   * @example
   * await tickets.revokeAll({ place: 'account', purpose: 'reset password', subject: account.id }, manager);
   * @param filter at least one of `place`, `purpose` and `subject`
   * @param manager to do it in the app's own transaction
   * @returns how many tickets this call has revoked
   * @throws TicketInputError for a filter without any field, or with one that is `undefined`; for a `manager` that is no
   * EntityManager of the tickets' data source, or is in no transaction
   * @throws TicketOfficeBusyError when the database could not answer
   */
  revokeAll(filter: TicketFilter & OwnFields<E> & NoDefinition, manager?: EntityManager): Promise<number>;
  async revokeAll(first: unknown, second?: unknown, third?: EntityManager): Promise<number> {
    return isDefinition(first) || first === undefined
      ? this.lifecycle.revokeAll(readRevokeAllInput(this.own, first, second), third)
      : this.lifecycle.revokeAll(readRevokeAllInput(this.own, first), second as EntityManager | undefined);
  }

  /**
   * Gives a ticket another secret, for a guest who has lost theirs. The old one and its passes are invalid from then on.
   * Wrong guesses that were made already still count.
   *
   * @param input `{ expiresIn }` for another expiry
   * @param manager to do it in the app's own transaction
   * @throws TicketNotFoundError when there is no such ticket
   * @throws TicketLockedError when too many wrong guesses have locked it (`list({ status: 'locked' })` lists such tickets):
   * issue another ticket then
   * @throws TicketUsedError, TicketRevokedError when it is used or revoked; TicketExpiredError when it has expired, and
   * `expiresIn` is missing
   * @throws TicketBusyError while a claim holds it
   * @throws TicketInputError that names every problem of the input, or what cannot be read of the ticket's row: a new
   * secret mends its verifier alone
   * @throws TicketOfficeConfigurationError when the option `passwordGenerator` returns what no password can be
   * @throws TicketOfficeBusyError when a password could not be hashed, because too many were waiting or there was no
   * memory: the old secret stays valid; or when the database could not answer: the old secret may be invalid then. Call
   * it again in both cases
   */
  async reissue<T = unknown>(
    uuid: string,
    input: ReissueInput = {},
    manager?: EntityManager,
  ): Promise<IssuedTicket<T, E>> {
    const canonical = readUuid('reissue()', uuid);
    assertReissueInput(input);
    return this.lifecycle.reissue<T>(canonical, input, manager) as Promise<IssuedTicket<T, E>>;
  }

  /**
   * Frees a ticket whose claim will be neither stamped nor released, because its process crashed. If that process still
   * runs after all, it can do neither from then on. `list({ status: 'claimed' })` lists such tickets.
   *
   * @param manager to do it in the app's own transaction
   * @returns whether this call freed it: `false` when there is none, or no claim holds it
   * @throws TicketInputError for a `uuid` that is no string, or a `manager` that is no EntityManager of the
   * tickets' data source
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async reopen(uuid: string, manager?: EntityManager): Promise<boolean> {
    return this.lifecycle.reopen(readUuid('reopen()', uuid), manager);
  }

  /**
   * Reads a ticket by its uuid; resolves to `null` when there is none. A ticket whose row cannot be read has `null` for
   * its `data`, and admits nobody.
   *
   * @throws TicketInputError for a `uuid` that is no string
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async find<T = unknown>(uuid: string): Promise<TicketWith<E, T> | null> {
    const canonical = readUuid('find()', uuid);
    if (canonical === undefined) return null;
    return this.finder.find<T>(canonical) as Promise<TicketWith<E, T> | null>;
  }

  /**
   * Reads a ticket and its state, for the people who operate it: whether a claim holds it, how many wrong guesses were
   * made. Resolves to `null` when there is none; a ticket whose row cannot be read has `null` for its `data`.
   *
   * @example
   * const { status, claimedAt } = (await tickets.inspect(uuid)) ?? {};
   * @throws TicketInputError for a `uuid` that is no string
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async inspect<T = unknown>(uuid: string): Promise<TicketInspection<T, E> | null> {
    const canonical = readUuid('inspect()', uuid);
    if (canonical === undefined) return null;
    return this.finder.inspect<T>(canonical) as Promise<TicketInspection<T, E> | null>;
  }

  /** Lists the tickets of a definition. For the rest, see the call without one. */
  list<D extends TicketDefinition>(
    definition: D,
    ...input: Argument<DefinedListInput<D>, OwnFields<E>>
  ): Promise<TicketWith<E, DataOf<D>>[]>;
  /**
   * Lists tickets a page at a time, the oldest first unless `order` says otherwise; those whose rows cannot be read with
   * `null` for their `data`. Each ticket is on one page, whatever is issued or deleted between them.
   *
   * @example
   * const page = await tickets.list({ status: ['claimed', 'locked'], order: 'newest' });
   * const next = await tickets.list({
   *   status: ['claimed', 'locked'], order: 'newest', after: page.at(-1)?.uuid,
   * });
   * @throws TicketInputError that names every problem of the input
   * @throws TicketOfficeBusyError when the database could not answer
   */
  list<T = unknown>(input?: ListInput & OwnFields<E> & NoDefinition): Promise<TicketWith<E, T>[]>;
  async list(...given: [unknown?, unknown?]): Promise<Ticket[]> {
    return this.finder.list(readListInput(this.own, ...given));
  }

  /** Counts the tickets of a definition. For the rest, see the call without one. */
  count<D extends TicketDefinition>(
    definition: D,
    ...input: Argument<DefinedCountInput<D>, OwnFields<E>>
  ): Promise<number>;
  /**
   * Counts what {@link list} would list on all its pages.
   *
   * @example
   * const left = await tickets.count({ place: 'louvre', purpose: 'visit', status: 'valid' });
   * @throws TicketInputError that names every problem of the input
   * @throws TicketOfficeBusyError when the database could not answer
   */
  count(input?: CountInput & OwnFields<E> & NoDefinition): Promise<number>;
  async count(...given: [unknown?, unknown?]): Promise<number> {
    return this.finder.count(readCountInput(this.own, ...given));
  }

  /**
   * Resolves when the database answers, and its table of tickets is as this version needs it: for readiness probes, and
   * before a process takes its first work. One statement that reads no row, so that a probe may call it every few
   * seconds. When the database is away, it rejects after the retries of every call, half a second or so after the
   * driver has given up.
   *
   * @example
   * await tickets.check();
   * @throws TicketOfficeConfigurationError when the table or a column of it is missing, or the data source cannot be
   * relied on: its message says what to do
   * @throws TicketOfficeBusyError when the database could not answer
   */
  check(): Promise<void> {
    return this.finder.check();
  }

  /** Deletes tickets of a definition that have been over. For the rest, see the call without one. */
  clean<D extends TicketDefinition>(
    definition: D,
    ...input: Argument<DefinedCleanInput<D>>
  ): Promise<CleanedCounts>;
  /**
   * Deletes tickets that have been over (used, revoked or expired) for as long as the option `cleaning.keep` says, or
   * since `before`; never one that a claim holds, and one that a transaction holds by the next call. Works in batches, so
   * that other statements do not wait long, and so that it may be interrupted and called again. The option `cleaning.every` calls it.
   *
   * @returns how many tickets were deleted, by their status
   * @throws TicketInputError that names every problem of the input
   * @throws TicketOfficeBusyError when the database could not answer; what was deleted before stays deleted
   * @throws the reason of `signal`, when that is aborted, and what `onProgress` throws
   */
  clean(input?: CleanInput & NoDefinition): Promise<CleanedCounts>;
  async clean(...given: [unknown?, unknown?]): Promise<CleanedCounts> {
    return this.cleaner.clean(readCleanInput(...given));
  }
}
