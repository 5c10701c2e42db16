import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { describe } from './faults.js';
import { Admission } from './admission.js';
import { Claim } from './claim.js';
import { canonicalUuid, type CredentialsLike } from './credentials.js';
import type { IssueInput } from './issue.input.js';
import { link } from './link.js';
import { assertPlaceAndPurpose } from './text.rule.js';
import type { Ticket } from './ticket.entity.js';
import { TicketInputError } from './ticket.errors.js';
import { type IssuedTicket, TicketIssuer } from './ticket.issuer.js';
import { ticketOf } from './ticket.row.js';
import { TicketSettings } from './ticket.settings.js';
import { TicketStore } from './ticket.store.js';

/** Issues tickets, admits those who hold them, and uses them up. */
@Injectable()
export class TicketService {
  constructor(
    private readonly issuer: TicketIssuer,
    private readonly store: TicketStore,
    private readonly admission: Admission,
    private readonly settings: TicketSettings,
  ) {}

  /**
   * Issues a ticket.
   *
   * @example
   * const { ticket, credentials } = await tickets.issue({
   *   place: 'louvre', purpose: 'visit', data: { firstName: 'Léonard' }, expiresIn: '5d',
   * });
   * @param manager to issue it in the app's own transaction: no ticket if that rolls back
   * @throws TicketInputError that names every fault of the input; nothing was written then
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
   */
  claim(ticket: Ticket): Promise<Claim> {
    return Claim.take(ticket, this.store, this.settings.now);
  }

  /**
   * Withdraws a ticket, and the passes that it gave. A handler that runs on it already runs to its end.
   *
   * @param manager to revoke it in the app's own transaction
   * @returns whether this call revoked it: `false` when there is none, or it is used or revoked already
   */
  async revoke(uuid: string, manager?: EntityManager): Promise<boolean> {
    const canonical = readUuid('revoke()', uuid);
    if (canonical === undefined) return false;
    return this.store.statements.revoke.win({ uuid: canonical, now: this.settings.now().getTime() }, manager);
  }

  /** Finds a ticket by its name; `null` when there is none. */
  async find<T = unknown>(uuid: string): Promise<Ticket<T> | null> {
    const canonical = readUuid('find()', uuid);
    const row = canonical === undefined ? undefined : await this.store.load(canonical);
    return row ? ticketOf<T>(row) : null;
  }
}

/** @throws TicketInputError for what is no string; `undefined`: a text that is no uuid names no ticket */
function readUuid(call: string, uuid: unknown): string | undefined {
  if (typeof uuid !== 'string')
    throw new TicketInputError(call, [`uuid must be a string, not ${describe(uuid)}`]);
  return canonicalUuid(uuid);
}
