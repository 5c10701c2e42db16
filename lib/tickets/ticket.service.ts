import { Injectable } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { Admission } from './admission/admission.js';
import type { Claim } from './claims/claim.js';
import { Claims } from './claims/claims.js';
import { Redemption, type RedemptionWork } from './claims/redemption.js';
import type { CredentialsLike } from './credentials.js';
import { definedInput, definedInputs } from './definitions/defined-input.js';
import { readPath } from './definitions/defined-path.js';
import { readScope } from './definitions/defined-scope.js';
import type { DataOf, DefinedIssueInput } from './definitions/defined.types.js';
import {
  type Argument,
  isDefinition,
  lacksDefinition,
  type NoDefinition,
  type PathOptions,
  type PlaceOptions,
  type TicketDefinition,
} from './definitions/ticket.definition.js';
import type { TicketEvent } from './events/ticket.event.js';
import { TicketEvents } from './events/ticket.events.js';
import { isIterable, type IssueManyOptions } from './input/issue-many.input.js';
import type { IssueInput } from './input/issue.input.js';
import { link } from './link.js';
import { TicketBatchIssuer } from './issuing/ticket.batch-issuer.js';
import { TicketCleaner } from './cleaning/ticket.cleaner.js';
import type { IssuedTicket } from './issuing/ticket.drafts.js';
import { OwnColumns } from './own-columns.js';
import type { OwnFields, TicketWith } from './own-columns.types.js';
import type { Ticket } from './ticket.entity.js';
import { TicketFinder } from './ticket.finder.js';
import { TicketIssuer } from './issuing/ticket.issuer.js';
import { TicketLifecycle } from './ticket.lifecycle.js';
import { TicketOperations } from './ticket.operations.js';
import { credentialParameters, TicketSettings } from './ticket.settings.js';

/**
 * Issues tickets, checks the ones that guests present, and uses them up. Any call that asks the database throws a
 * TicketOfficeConfigurationError where the table of tickets is missing; its message says what to do.
 *
 * @typeParam E the module's `entity`, where that is a class of the app's: `TicketService<MuseumTicket>`
 */
@Injectable()
export class TicketService<E extends Ticket = Ticket> extends TicketOperations<E> {
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
    finder: TicketFinder,
    lifecycle: TicketLifecycle,
    cleaner: TicketCleaner,
    own: OwnColumns,
    events: TicketEvents,
  ) {
    super(finder, lifecycle, cleaner, own);
    this.events$ = events.stream;
  }

  /**
   * Makes a ticket of a definition: checks its data, and takes from the definition what the input lacks.
   *
   * @example
   * const { ticket, credentials } = await tickets.issue(LouvreVisit, { data: { firstName: 'Léonard' } });
   * @throws as with an input of its own; and what a rule or a schema of the data throws itself
   */
  issue<D extends TicketDefinition>(
    definition: D,
    input: DefinedIssueInput<D> & OwnFields<E>,
    manager?: EntityManager,
  ): Promise<IssuedTicket<DataOf<D>, E>>;
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
  issue<T = unknown>(
    input: IssueInput<T> & OwnFields<E> & NoDefinition,
    manager?: EntityManager,
  ): Promise<IssuedTicket<T, E>>;
  issue(first: unknown, second?: unknown, third?: EntityManager): Promise<IssuedTicket> {
    return isDefinition(first) || lacksDefinition(first, second)
      ? this.issueDefined(first as TicketDefinition | undefined, second, third)
      : this.issuer.issue(first as IssueInput, second as EntityManager | undefined);
  }

  /**
   * Makes many tickets of a definition. Each input is checked when it is read, before its batch is written.
   * For the rest, see the call without a definition.
   *
   * @example
   * const inputs = guests.map(({ id, firstName }) => ({ subject: id, data: { firstName } }));
   * for await (const { ticket, credentials } of tickets.issueMany(LouvreVisit, inputs))
   *   await mail.send(ticket.subject, tickets.url(LouvreVisit, credentials));
   */
  issueMany<D extends TicketDefinition>(
    definition: D,
    inputs:
      Iterable<DefinedIssueInput<D> & OwnFields<E>> | AsyncIterable<DefinedIssueInput<D> & OwnFields<E>>,
    options?: IssueManyOptions,
  ): AsyncGenerator<IssuedTicket<DataOf<D>, E>, void, undefined>;
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
    inputs: Iterable<IssueInput<T> & OwnFields<E>> | AsyncIterable<IssueInput<T> & OwnFields<E>>,
    options?: IssueManyOptions,
  ): AsyncGenerator<IssuedTicket<T, E>, void, undefined>;
  issueMany(
    first: unknown,
    second?: unknown,
    third: IssueManyOptions = {},
  ): AsyncGenerator<IssuedTicket, void, undefined> {
    return isDefinition(first) || (first === undefined && isIterable(second))
      ? this.batches.issueMany(definedInputs(first, second as Iterable<unknown>, this.issuer), third)
      : this.batches.issueMany(
          first as Iterable<IssueInput>,
          (second === undefined ? {} : second) as IssueManyOptions,
        );
  }

  /**
   * Returns a link with the path of a definition, whose parameters `params` fill. A path that is no route which the definition
   * guards is warned of at boot.
   *
   * @example
   * tickets.url(ReportDownload, credentials, { params: { id: report.id } }); // https://museum.example/report/42?uuid=…
   * @throws TicketInputError for a definition without a path, or `params` that do not fill it; and as with a path
   * @throws TicketOfficeConfigurationError without the option `baseUrl`
   */
  url<D extends TicketDefinition>(
    definition: D,
    credentials: CredentialsLike,
    ...options: Argument<PathOptions<D>>
  ): string;
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
  url(path: string, credentials: CredentialsLike): string;
  url(pathOrDefinition: unknown, credentials: CredentialsLike, options?: unknown): string {
    const path = readPath(pathOrDefinition, options);
    return link(this.settings.baseUrl, path, credentials, credentialParameters(this.settings));
  }

  /**
   * Checks credentials for the place and the purpose of a definition, and returns their ticket. Does not use it up. `params`
   * fill the parameters of the place.
   *
   * @throws as with a place and a purpose
   */
  authenticate<D extends TicketDefinition>(
    credentials: CredentialsLike,
    definition: D,
    ...options: Argument<PlaceOptions<D>>
  ): Promise<TicketWith<E, DataOf<D>>>;
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
  authenticate<T = unknown>(
    credentials: CredentialsLike,
    place: string,
    purpose: string,
  ): Promise<TicketWith<E, T>>;
  async authenticate(credentials: CredentialsLike, ...given: [unknown, unknown?]): Promise<Ticket> {
    return this.admission.byCredentials(credentials, readScope('authenticate()', ...given));
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
   * Uses a ticket of a definition up and runs `work` in one transaction.
   *
   * @example
   * await tickets.redeem(credentials, PasswordReset, (ticket, manager) =>
   *   manager.update(User, { id: ticket.subject! }, { password: hash }));
   * @throws as with a place and a purpose
   */
  redeem<D extends TicketDefinition, R = unknown>(
    presented: CredentialsLike | Ticket,
    definition: D,
    work: RedemptionWork<DataOf<D>, R, E>,
    ...options: Argument<PlaceOptions<D>>
  ): Promise<R>;
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
   * @throws TicketInputError for `work` that is no function
   * @throws TicketOfficeConfigurationError when `work` has written over the stamp of its own ticket; nothing was written
   * @throws Error when `work` has left a stream of `manager` open: nothing was written
   * @throws TicketOfficeBusyError when the transaction could not be committed: nothing was written, or the outcome is
   * unknown because the database does not answer
   */
  redeem<T = unknown, R = unknown>(
    presented: CredentialsLike | Ticket<T>,
    place: string,
    purpose: string,
    work: RedemptionWork<T, R, E>,
  ): Promise<R>;
  async redeem(
    presented: CredentialsLike | Ticket,
    first: unknown,
    second: unknown,
    third?: unknown,
  ): Promise<unknown> {
    const [purposeOrOptions, work] = isDefinition(first) ? [third, second] : [second, third];
    const scope = readScope('redeem()', first, purposeOrOptions);
    return this.redemption.redeem(presented, scope, work as RedemptionWork<unknown, unknown>);
  }

  private async issueDefined(
    definition: TicketDefinition | undefined,
    given: unknown,
    manager?: EntityManager,
  ): Promise<IssuedTicket> {
    return this.issuer.issue(await definedInput('issue()', definition, given, this.issuer), manager);
  }
}
