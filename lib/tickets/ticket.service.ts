import { Injectable } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { Admission } from './admission/admission.js';
import type { Claim } from './claims/claim.js';
import { Claims } from './claims/claims.js';
import { Redemption, type RedemptionWork } from './claims/redemption.js';
import type { CredentialsLike } from './credentials.js';
import type { TicketEvent } from './events/ticket.event.js';
import { TicketEvents } from './events/ticket.events.js';
import { assertScope, readUuid } from './input/arguments.js';
import { type CleanedCounts, type CleanInput, readCleanInput } from './input/clean.input.js';
import { type CountInput, readCountInput } from './input/count.input.js';
import type { TicketFilter } from './input/filter.input.js';
import type { IssueManyOptions } from './input/issue-many.input.js';
import type { IssueInput } from './input/issue.input.js';
import { type ListInput, readListInput } from './input/list.input.js';
import { assertReissueInput, type ReissueInput } from './input/reissue.input.js';
import { readRevokeAllInput } from './input/revoke-all.input.js';
import { link } from './link.js';
import { TicketBatchIssuer } from './issuing/ticket.batch-issuer.js';
import { TicketCleaner } from './cleaning/ticket.cleaner.js';
import type { IssuedTicket } from './issuing/ticket.drafts.js';
import type { Ticket } from './ticket.entity.js';
import { TicketFinder } from './ticket.finder.js';
import type { TicketInspection } from './ticket.inspection.js';
import { TicketIssuer } from './issuing/ticket.issuer.js';
import { TicketLifecycle } from './ticket.lifecycle.js';
import { credentialParameters, TicketSettings } from './ticket.settings.js';

/** Issues tickets, checks the ones that guests present, and uses them up. */
@Injectable()
export class TicketService {
  /**
   * Emits what happens to tickets in this process, each event once it is committed: for logs, alarms and metrics. Events
   * contain neither secrets nor `data`. What a subscriber throws is logged, and affects nothing else.
   *
   * @example
   * tickets.events$.pipe(filter(({ type }) => type === 'locked')).subscribe(({ uuid }) => this.warn(uuid));
   */
  readonly events$: Observable<TicketEvent>;

  /** @internal Called by Nest's container alone. */
  constructor(
    private readonly issuer: TicketIssuer,
    private readonly batches: TicketBatchIssuer,
    private readonly admission: Admission,
    private readonly claims: Claims,
    private readonly redemption: Redemption,
    private readonly settings: TicketSettings,
    private readonly finder: TicketFinder,
    private readonly lifecycle: TicketLifecycle,
    private readonly cleaner: TicketCleaner,
    events: TicketEvents,
  ) {
    this.events$ = events.stream;
  }

  /**
   * Makes a ticket and its secret, and writes it to the database.
   *
   * @example
   * const { ticket, credentials } = await tickets.issue({
   *   place: 'louvre', purpose: 'visit', data: { firstName: 'Léonard' }, expiresIn: '5d',
   * });
   * @param manager to issue it in the app's own transaction: there is no ticket if that rolls back
   * @throws TicketInputError that names every problem of the input; nothing was written then
   * @throws DuplicateTicketError with `onDuplicate: 'reject'`, when a valid ticket for the same place, purpose and subject
   * stands
   * @throws TicketOfficeConfigurationError when the option `passwordGenerator` returns what no password can be
   * @throws TicketOfficeBusyError when the database could not answer, or a password could not be hashed: too many were
   * waiting, or there was no memory
   */
  issue<T = unknown>(input: IssueInput<T>, manager?: EntityManager): Promise<IssuedTicket<T>> {
    return this.issuer.issue(input, manager);
  }

  /**
   * Makes many tickets, in the order of their inputs. Reads a batch of inputs, writes its tickets in one statement, hands
   * them out one by one, and only then reads the next: memory stays bounded, however many there are. A handed-out
   * ticket is committed. Passwords and codes are hashed when no guest waits for theirs.
   *
   * Ends early by `break`, an error, or `signal`; the inputs are closed then, and no more is written. Tickets of a batch
   * that were written and not taken have a secret that nobody knows: they open nothing.
   *
   * @example
   * for await (const { ticket, credentials } of tickets.issueMany(guests.map(({ id }) => ({
   *   place: 'louvre', purpose: 'visit', subject: id,
   * })))) await mail.send(ticket.subject, tickets.url('/louvre', credentials));
   * @param inputs an array, a generator, an object stream: anything that `for await` reads
   * @throws TicketInputError, before any input is read, for bad options
   * @throws TicketInputError that names every problem of an input, with its `index`, counted from 0: nothing of its batch
   * was written, and what was handed out before stays
   * @throws DuplicateTicketError for an input with `onDuplicate: 'reject'`, when a valid ticket for the same place, purpose
   * and subject stands; all tickets before it were handed out
   * @throws TicketOfficeConfigurationError when the option `passwordGenerator` returns what no password can be
   * @throws TicketOfficeBusyError when the database could not answer, and nobody knows whether the batch was written; or
   * when there was no memory to hash a password
   * @throws the reason of `signal`, when that is aborted, and what the inputs throw
   */
  issueMany<T = unknown>(
    inputs: Iterable<IssueInput<T>> | AsyncIterable<IssueInput<T>>,
    options: IssueManyOptions = {},
  ): AsyncGenerator<IssuedTicket<T>, void, undefined> {
    return this.batches.issueMany(inputs, options);
  }

  /**
   * Returns a link below `baseUrl` that contains the credentials:
   * `https://museum.example/louvre?uuid=…&password=…`.
   *
   * @param path such as `/louvre`; a query and a hash of its own are kept. As a browser has it: with the app's global prefix
   * (`/api/louvre`), unless `baseUrl` has that, and with a version in the URI (`/v1/louvre`)
   * @throws TicketInputError for a path that is not below `baseUrl` or has credentials already, and for credentials
   * without their secret
   * @throws TicketOfficeConfigurationError without the option `baseUrl`
   */
  url(path: string, credentials: CredentialsLike): string {
    return link(this.settings.baseUrl, path, credentials, credentialParameters(this.settings));
  }

  /**
   * Checks credentials for this place and this purpose, and returns their ticket. Does not use it up.
   *
   * @throws CredentialsError for wrong credentials, whatever is wrong with them
   * @throws TicketUsedError, TicketRevokedError, TicketExpiredError for right credentials of a ticket that is over
   * @throws TicketBusyError while a transaction holds a ticket with a human's password: no guess can be counted then
   * @throws TicketInputError for a place or a purpose that no ticket can have
   * @throws TicketOfficeBusyError when the database could not answer, or a password could not be checked: too many were
   * waiting, or there was no memory
   */
  async authenticate<T = unknown>(
    credentials: CredentialsLike,
    place: string,
    purpose: string,
  ): Promise<Ticket<T>> {
    const scope = { place, purpose };
    assertScope('authenticate()', scope);
    return (await this.admission.byCredentials(credentials, scope)) as Ticket<T>;
  }

  /**
   * Claims the ticket for one action, before that begins: call the claim's `stamp()` after success, and its `release()`
   * after failure.
   *
   * @throws TicketBusyError while another claim holds it
   * @throws TicketUsedError, TicketRevokedError, TicketExpiredError when it is over
   * @throws CredentialsError when it is gone, has another secret by now, or its row cannot be read
   * @throws TicketInputError for an object that did not come from the ticket office: made by hand, or copied
   * @throws TicketOfficeBusyError when the database could not answer
   */
  claim(ticket: Ticket): Promise<Claim> {
    return this.claims.take(ticket);
  }

  /**
   * Uses a ticket up and runs `work` in one transaction: both are written, or neither is, even after a crash. Let
   * errors leave `work`: they roll both back.
   *
   * @example
   * await tickets.redeem(credentials, 'account', 'reset password', (ticket, manager) =>
   *   manager.update(User, { id: ticket.subject! }, { password: hash }));
   * @param presented the guest's credentials, or a ticket that was admitted before
   * @param work gets the ticket and the transaction's EntityManager, and runs at most once
   * @returns what `work` returns
   * @throws what `work` throws; before it begins, the errors of {@link authenticate} and {@link claim}
   * @throws TicketOfficeBusyError when the transaction could not be committed: nothing was written, or the outcome is
   * unknown because the database does not answer
   */
  redeem<T = unknown, R = unknown>(
    presented: CredentialsLike | Ticket<T>,
    place: string,
    purpose: string,
    work: RedemptionWork<T, R>,
  ): Promise<R> {
    return this.redemption.redeem(presented, { place, purpose }, work);
  }

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
  async revokeAll(filter: TicketFilter, manager?: EntityManager): Promise<number> {
    return this.lifecycle.revokeAll(readRevokeAllInput(filter), manager);
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
   * @throws TicketOfficeBusyError when the database could not answer: the old secret may be invalid then; call it again
   */
  async reissue<T = unknown>(
    uuid: string,
    input: ReissueInput = {},
    manager?: EntityManager,
  ): Promise<IssuedTicket<T>> {
    const canonical = readUuid('reissue()', uuid);
    assertReissueInput(input);
    return this.lifecycle.reissue<T>(canonical, input, manager);
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
  async find<T = unknown>(uuid: string): Promise<Ticket<T> | null> {
    const canonical = readUuid('find()', uuid);
    return canonical === undefined ? null : this.finder.find<T>(canonical);
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
  async inspect<T = unknown>(uuid: string): Promise<TicketInspection<T> | null> {
    const canonical = readUuid('inspect()', uuid);
    return canonical === undefined ? null : this.finder.inspect<T>(canonical);
  }

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
  async list<T = unknown>(input: ListInput = {}): Promise<Ticket<T>[]> {
    return this.finder.list<T>(readListInput(input));
  }

  /**
   * Counts what {@link list} would list on all its pages.
   *
   * @example
   * const left = await tickets.count({ place: 'louvre', purpose: 'visit', status: 'valid' });
   * @throws TicketInputError that names every problem of the input
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async count(input: CountInput = {}): Promise<number> {
    return this.finder.count(readCountInput(input));
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
  async clean(input: CleanInput = {}): Promise<CleanedCounts> {
    return this.cleaner.clean(readCleanInput(input));
  }
}
