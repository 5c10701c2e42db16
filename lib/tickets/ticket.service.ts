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
import { assertManager, assertScope, readUuid } from './input/arguments.js';
import { assertCleanInput, type CleanedCounts, type CleanInput } from './input/clean.input.js';
import type { IssueInput } from './input/issue.input.js';
import { assertListInput, type ListInput } from './input/list.input.js';
import { assertReissueInput, type ReissueInput } from './input/reissue.input.js';
import { link } from './link.js';
import { TicketCleaner } from './ticket.cleaner.js';
import type { Ticket } from './ticket.entity.js';
import { TicketFinder } from './ticket.finder.js';
import { type IssuedTicket, TicketIssuer } from './ticket.issuer.js';
import { TicketLifecycle } from './ticket.lifecycle.js';
import { TicketSettings } from './ticket.settings.js';

/** Issues tickets, admits those who hold them, and uses them up. */
@Injectable()
export class TicketService {
  /**
   * What happens to tickets, each told once it is written for good: for a log, an alarm, a metric. Without secrets and
   * `data`; of other processes nothing. A subscriber that throws is logged, and harms nobody.
   *
   * @example
   * tickets.events$.pipe(filter(({ type }) => type === 'locked')).subscribe(({ uuid }) => this.warn(uuid));
   */
  readonly events$: Observable<TicketEvent>;

  constructor(
    private readonly issuer: TicketIssuer,
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
   * Issues a ticket.
   *
   * @example
   * const { ticket, credentials } = await tickets.issue({
   *   place: 'louvre', purpose: 'visit', data: { firstName: 'Léonard' }, expiresIn: '5d',
   * });
   * @param manager to issue it in the app's own transaction: no ticket if that rolls back
   * @throws TicketInputError that names every fault of the input; nothing was written then
   * @throws TicketOfficeBusyError when the database could not answer, or a password could not be hashed: too many were
   * waiting, or there was no memory
   */
  issue<T = unknown>(input: IssueInput<T>, manager?: EntityManager): Promise<IssuedTicket<T>> {
    return this.issuer.issue(input, manager);
  }

  /**
   * A link below `baseUrl` that carries the credentials: `https://museum.example/louvre?uuid=…&password=…`.
   *
   * @param path such as `/louvre`; a query and a hash of its own are kept
   * @throws TicketInputError for a path that leads elsewhere, or that has credentials already
   * @throws TicketOfficeConfigurationError without the option `baseUrl`
   */
  url(path: string, credentials: CredentialsLike): string {
    return link(this.settings.baseUrl, path, credentials);
  }

  /**
   * Finds the ticket that the credentials open at this place for this purpose. Uses nothing up.
   *
   * @throws CredentialsError for wrong credentials, whatever is wrong about them
   * @throws TicketUsedError, TicketRevokedError, TicketExpiredError to the holder of a ticket that is over
   * @throws TicketBusyError while a transaction holds a ticket whose password is a human's: no guess can be counted
   * @throws TicketInputError for a place or a purpose that can be none
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
   * Takes the ticket for one action, before it begins; then stamp it after success, or release it after failure.
   *
   * @throws TicketBusyError while somebody else's claim holds it
   * @throws TicketUsedError, TicketRevokedError, TicketExpiredError when it is over
   * @throws CredentialsError when it is gone, or has another secret by now
   * @throws TicketInputError for what did not come from the ticket office: made by hand, or a copy
   * @throws TicketOfficeBusyError when the database could not answer
   */
  claim(ticket: Ticket): Promise<Claim> {
    return this.claims.take(ticket);
  }

  /**
   * Uses a ticket up and does what it is good for, in one transaction: both are written, or neither is, whatever
   * crashes. Let the errors of `work` out; they roll both back.
   *
   * @example
   * await tickets.redeem(credentials, 'account', 'reset password', (ticket, manager) =>
   *   manager.update(User, { id: ticket.subject! }, { password: hash }));
   * @param presented the guest's credentials, or a ticket that was admitted before
   * @param work is given the ticket and the transaction's EntityManager, and runs at most once
   * @returns what `work` returns
   * @throws as {@link authenticate} and {@link claim} do, before `work` begins
   * @throws TicketOfficeBusyError when the transaction could not be committed: nothing was written then, or nobody
   * can tell, as long as the database does not answer
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
    return canonical !== undefined && this.lifecycle.revoke(canonical, manager);
  }

  /**
   * Gives a ticket another secret, for a guest who has lost theirs. The old one and its passes are worth nothing from
   * then on; wrong guesses that were made still count: another code for a locked ticket is locked, too
   * (`list({ status: 'locked' })` shows such). Issue another ticket then.
   *
   * @param input `{ expiresIn }` for another expiry
   * @param manager to do it in the app's own transaction
   * @throws TicketNotFoundError when there is no such ticket
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
    return this.lifecycle.reissue<T>(canonical, input, manager);
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
    return canonical !== undefined && this.lifecycle.reopen(canonical, manager);
  }

  /**
   * Finds a ticket by its name; `null` when there is none.
   *
   * @throws TicketInputError for what is no string
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async find<T = unknown>(uuid: string): Promise<Ticket<T> | null> {
    const canonical = readUuid('find()', uuid);
    return canonical === undefined ? null : this.finder.find<T>(canonical);
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
    return this.finder.list<T>(input);
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
