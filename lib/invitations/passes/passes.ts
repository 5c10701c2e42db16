import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalUuid } from '../../tickets/credentials.js';
import { Keyring } from '../../tickets/secrets/keyring.js';
import { generationOf } from '../../tickets/store/ticket.row.js';
import type { Ticket } from '../../tickets/ticket.entity.js';
import type { Door } from '../place.js';
import type { GuestRequest } from '../guest-request.js';
import { InvitationSettings } from '../invitation.settings.js';
import { unverifiedGrantTime, createNonce, verifyPass, type Pass, signPass } from './pass.js';
import { PassStore } from './pass.store.js';

/**
 * So many passes a browser has side by side. A cookie is sent with each request, of some 190 bytes: ten stay far below
 * the 16 KiB of headers that Node.js accepts (`--max-http-header-size`), and the 8 KiB of one line that nginx does.
 */
const MAX_PASSES = 10;

/** Grants passes, reads them and takes them back: one for each place and purpose. */
@Injectable()
export class Passes {
  constructor(
    private readonly keyring: Keyring,
    private readonly settings: InvitationSettings,
    private readonly store: PassStore,
  ) {}

  /** @throws TicketOfficeConfigurationError when a request has no place for a pass: before a ticket is looked at */
  assertAvailable(request: GuestRequest): void {
    if (this.settings.pass) this.store.assertAvailable(request);
  }

  /**
   * The genuine, unexpired pass that a request brings for this door; `undefined`: none that counts.
   *
   * @throws TicketOfficeConfigurationError when a request has no place for a pass
   */
  read(request: GuestRequest, door: Door): Pass | undefined {
    if (!this.settings.pass) return undefined;
    const text = this.store.find(request, this.nameOf(request, door));
    const { place, purpose } = door;
    return text === undefined
      ? undefined
      : verifyPass(this.keyring, text, place, purpose, this.settings.now());
  }

  /** Gives the browser a pass for the ticket, which ends with it at the latest; the oldest make room for it. */
  async grant(request: GuestRequest, response: unknown, ticket: Ticket): Promise<void> {
    const { pass, now } = this.settings;
    if (!pass) return;
    const { uuid, place, purpose } = ticket;
    const grantedAt = now();
    const lifetime = Math.min(pass.maxAge, (ticket.expiresAt?.getTime() ?? Infinity) - grantedAt.getTime());
    const expiresAt = new Date(grantedAt.getTime() + lifetime);
    const generation = generationOf(ticket)!;
    const nonce = this.nonceOf(request, ticket, generation);
    const content = { uuid, nonce, place, purpose, generation, grantedAt, expiresAt };
    const name = this.nameOf(request, ticket);
    const others = this.store.all(request).filter(([kept]) => kept !== name);
    const evicts = evicted(others, grantedAt);
    const token = signPass(this.keyring, content);
    await this.store.put(request, response, { name, token: token, lifetime, evicts: evicts });
  }

  /**
   * Takes the pass for this door back.
   *
   * @param uuid only where it is that ticket's, as a guest spells it
   */
  clear(request: GuestRequest, response: unknown, door: Door, uuid?: unknown): void {
    if (uuid !== undefined && this.read(request, door)?.uuid !== canonicalUuid(uuid)) return;
    this.store.remove(request, response, this.nameOf(request, door));
  }

  /** That of the pass for the same ticket which the browser has already. */
  private nonceOf(request: GuestRequest, ticket: Ticket, generation: number): string {
    const kept = this.read(request, ticket);
    return kept?.uuid === ticket.uuid && kept.generation === generation ? kept.nonce : createNonce();
  }

  private nameOf(request: GuestRequest, { place, purpose }: Door): string {
    const digest = hash('sha256', JSON.stringify([place, purpose]), 'base64url');
    return this.store.nameOf(request, digest.slice(0, 16));
  }
}

/** The names of those that leave no room for one more: the longest granted; of two at once, the first in the list. */
function evicted(kept: readonly [name: string, seal: string][], now: Date): string[] {
  const newestFirst = kept
    .map(([name, seal]) => ({ name, grant: unverifiedGrantTime(seal, now) }))
    .toReversed()
    .toSorted((one, other) => other.grant - one.grant);
  return newestFirst.slice(MAX_PASSES - 1).map(({ name }) => name);
}
