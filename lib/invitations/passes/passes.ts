import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Scope } from '../../tickets/scope.js';
import { Keyring } from '../../tickets/secrets/keyring.js';
import { generationOf } from '../../tickets/store/ticket.row.js';
import type { Ticket } from '../../tickets/ticket.entity.js';
import { TicketSettings } from '../../tickets/ticket.settings.js';
import type { GuestRequest } from '../guest-request.js';
import { InvitationSettings, passMaxAge, type RoutePassOptions } from '../invitation.settings.js';
import { createNonce, type Pass, signPass, unverifiedGrantTime, verifyPass } from './pass.js';
import { PassStore } from './pass.store.js';

/**
 * Most passes of one browser. A cookie is sent with each request, some 200 bytes long: ten stay far below the 16 KiB of
 * headers that Node.js accepts (`--max-http-header-size`), and the 8 KiB of one line that nginx does.
 */
const MAX_PASSES = 10;

/** Grants, reads and clears passes: one for each ticket. Leaves those of other offices on the host alone. */
@Injectable()
export class Passes {
  constructor(
    private readonly keyring: Keyring,
    private readonly settings: InvitationSettings,
    private readonly tickets: TicketSettings,
    private readonly store: PassStore,
  ) {}

  /** @throws TicketOfficeConfigurationError when a request has nowhere to keep a pass: before a ticket is looked at */
  assertAvailable(request: GuestRequest): void {
    if (this.settings.pass) this.store.assertAvailable(request);
  }

  /**
   * The genuine, unexpired passes of a request for this scope, the newest first.
   *
   * @param route decides how long after its grant a pass counts here, whatever route granted it
   * @throws TicketOfficeConfigurationError when a request has nowhere to keep a pass
   */
  read(request: GuestRequest, scope: Scope, route?: RoutePassOptions): Pass[] {
    const { pass } = this.settings;
    if (!pass) return [];
    const oldest = this.tickets.now().getTime() - passMaxAge(pass, route);
    return this.genuine(request, scope).filter(({ grantedAt }) => grantedAt.getTime() > oldest);
  }

  private genuine(request: GuestRequest, { place, purpose }: Scope): Pass[] {
    const now = this.tickets.now();
    const passes = newestFirst(this.all(request), now).map(([name, token]) => {
      const pass = verifyPass(this.keyring, token, place, purpose, now);
      // Under another name it would escape the count, and a clearing.
      return pass && this.namesOf(pass.uuid).includes(name) ? pass : undefined;
    });
    return passes.filter((pass) => pass !== undefined);
  }

  /** Gives the browser a pass for the ticket, and evicts the oldest of other tickets. */
  async grant(
    request: GuestRequest,
    response: unknown,
    ticket: Ticket,
    route?: RoutePassOptions,
  ): Promise<void> {
    const { pass } = this.settings;
    if (!pass) return;
    const { uuid, place, purpose } = ticket;
    const grantedAt = this.tickets.now();
    const generation = generationOf(ticket)!;
    const known = this.known(request, ticket, generation);
    // A pass that another route granted for longer does not end sooner, because this route's link is opened, too.
    const end = Math.max(grantedAt.getTime() + passMaxAge(pass, route), known?.expiresAt.getTime() ?? 0);
    const expiresAt = new Date(end);
    const lifetime = end - grantedAt.getTime();
    const nonce = known?.nonce ?? createNonce();
    const token = signPass(this.keyring, { uuid, nonce, place, purpose, generation, grantedAt, expiresAt });
    const [name, ...formerNames] = this.namesOf(uuid) as [string, ...string[]];
    const all = this.all(request);
    const former = all.map(([kept]) => kept).filter((kept) => formerNames.includes(kept));
    const others = all.filter(([kept]) => kept !== name && !former.includes(kept));
    const oldest = newestFirst(others, grantedAt).slice(MAX_PASSES - 1);
    const evicts = [...former, ...oldest.map(([kept]) => kept)];
    await this.store.put(request, response, { name, token, lifetime, evicts });
  }

  /** Removes the pass of a ticket. */
  clear(request: GuestRequest, response: unknown, { uuid }: Pass): void {
    const names = this.namesOf(uuid);
    for (const [name] of this.all(request))
      if (names.includes(name)) this.store.remove(request, response, name);
  }

  /** The pass that the browser already has for this ticket and its secret, if any. */
  private known(request: GuestRequest, ticket: Ticket, generation: number): Pass | undefined {
    const passes = this.genuine(request, ticket);
    return passes.find((pass) => pass.uuid === ticket.uuid && pass.generation === generation);
  }

  /** All tokens of this office, those from before a rotation of its secrets included. */
  private all(request: GuestRequest): [name: string, token: string][] {
    const isOurs = (name: string) => this.keyring.tags.some((tag) => name.startsWith(`${tag}-`));
    return this.store.all(request).filter(([name]) => isOurs(name));
  }

  /** The name of a ticket's pass, and those that it had before a rotation of secrets. */
  private namesOf(uuid: string): string[] {
    const digest = hash('sha256', uuid, 'base64url').slice(0, 16);
    return this.keyring.tags.map((tag) => `${tag}-${digest}`);
  }
}

/** Where two were granted at once, the last in the list comes first. */
const newestFirst = (tokens: readonly [name: string, token: string][], now: Date): [string, string][] =>
  tokens
    .map((entry) => ({ entry, grant: unverifiedGrantTime(entry[1], now) }))
    .toReversed()
    .toSorted((one, other) => other.grant - one.grant)
    .map(({ entry }) => entry);
