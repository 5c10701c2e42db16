import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalUuid } from '../../tickets/credentials.js';
import type { Scope } from '../../tickets/scope.js';
import { Keyring } from '../../tickets/secrets/keyring.js';
import { generationOf } from '../../tickets/store/ticket.row.js';
import type { Ticket } from '../../tickets/ticket.entity.js';
import { TicketSettings } from '../../tickets/ticket.settings.js';
import type { GuestRequest } from '../guest-request.js';
import { InvitationSettings, passMaxAge } from '../invitation.settings.js';
import { createNonce, type Pass, signPass, unverifiedGrantTime, verifyPass } from './pass.js';
import { PassStore } from './pass.store.js';

/**
 * Most passes of one browser. A cookie is sent with each request, some 190 bytes long: ten stay far below the 16 KiB of
 * headers that Node.js accepts (`--max-http-header-size`), and the 8 KiB of one line that nginx does.
 */
const MAX_PASSES = 10;

/** Grants, reads and clears passes: one for each place and purpose. */
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
   * The genuine, unexpired pass of a request for this scope, if any.
   *
   * @throws TicketOfficeConfigurationError when a request has nowhere to keep a pass
   */
  read(request: GuestRequest, { place, purpose }: Scope): Pass | undefined {
    if (!this.settings.pass) return undefined;
    const token = this.store.find(request, this.nameOf(request, { place, purpose }));
    return token === undefined
      ? undefined
      : verifyPass(this.keyring, token, place, purpose, this.tickets.now());
  }

  /** Gives the browser a pass for the ticket, which ends with the ticket at the latest, and evicts the oldest. */
  async grant(request: GuestRequest, response: unknown, ticket: Ticket): Promise<void> {
    const { pass } = this.settings;
    if (!pass) return;
    const { uuid, place, purpose } = ticket;
    const grantedAt = this.tickets.now();
    const ticketLife = (ticket.expiresAt?.getTime() ?? Infinity) - grantedAt.getTime();
    const lifetime = Math.min(passMaxAge(pass), ticketLife);
    const expiresAt = new Date(grantedAt.getTime() + lifetime);
    const generation = generationOf(ticket)!;
    const nonce = this.nonceOf(request, ticket, generation);
    const token = signPass(this.keyring, { uuid, nonce, place, purpose, generation, grantedAt, expiresAt });
    const name = this.nameOf(request, ticket);
    const others = this.store.all(request).filter(([kept]) => kept !== name);
    await this.store.put(request, response, { name, token, lifetime, evicts: evicted(others, grantedAt) });
  }

  /**
   * Removes the pass for this scope.
   *
   * @param uuid only if it is the pass of this ticket, as the guest spells it
   */
  clear(request: GuestRequest, response: unknown, scope: Scope, uuid?: unknown): void {
    if (uuid !== undefined && this.read(request, scope)?.uuid !== canonicalUuid(uuid)) return;
    this.store.remove(request, response, this.nameOf(request, scope));
  }

  /** The nonce of the pass that the browser already has for this ticket, if any. */
  private nonceOf(request: GuestRequest, ticket: Ticket, generation: number): string {
    const kept = this.read(request, ticket);
    return kept?.uuid === ticket.uuid && kept.generation === generation ? kept.nonce : createNonce();
  }

  private nameOf(request: GuestRequest, { place, purpose }: Scope): string {
    const digest = hash('sha256', JSON.stringify([place, purpose]), 'base64url');
    return this.store.nameOf(request, digest.slice(0, 16));
  }
}

/** The names of the passes that make room for one more: the oldest; of two granted at once, the first in the list. */
function evicted(kept: readonly [name: string, token: string][], now: Date): string[] {
  const newestFirst = kept
    .map(([name, token]) => ({ name, grant: unverifiedGrantTime(token, now) }))
    .toReversed()
    .toSorted((one, other) => other.grant - one.grant);
  return newestFirst.slice(MAX_PASSES - 1).map(({ name }) => name);
}
