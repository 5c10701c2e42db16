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
import type { IssueInput } from './issue.input.js';
import { link } from './link.js';
import { assertPlaceAndPurpose } from './text.rule.js';
import { TicketAdministration } from './ticket.administration.js';
import { TicketCleaner } from './ticket.cleaner.js';
import type { Ticket } from './ticket.entity.js';
import { type IssuedTicket, TicketIssuer } from './ticket.issuer.js';
import { TicketRegister } from './ticket.register.js';
import { TicketReissuer } from './ticket.reissuer.js';
import { TicketSettings } from './ticket.settings.js';

/** Issues tickets, admits those who hold them, and uses them up. */
@Injectable()
export class TicketService extends TicketAdministration {
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
    register: TicketRegister,
    reissuer: TicketReissuer,
    cleaner: TicketCleaner,
    events: TicketEvents,
  ) {
    super(register, reissuer, cleaner);
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
    assertPlaceAndPurpose('authenticate()', place, purpose);
    return (await this.admission.byCredentials(credentials, place, purpose)) as Ticket<T>;
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
   * @param shown the guest's credentials, or a ticket that was admitted before
   * @param work is given the ticket and the transaction's EntityManager, and runs at most once
   * @returns what `work` returns
   * @throws as {@link authenticate} and {@link claim} do, before `work` begins
   * @throws TicketOfficeBusyError when the transaction could not be committed: nothing was written then, or nobody
   * can tell, as long as the database does not answer
   */
  redeem<T = unknown, R = unknown>(
    shown: CredentialsLike | Ticket<T>,
    place: string,
    purpose: string,
    work: RedemptionWork<T, R>,
  ): Promise<R> {
    return this.redemption.redeem(shown, place, purpose, work);
  }
}
