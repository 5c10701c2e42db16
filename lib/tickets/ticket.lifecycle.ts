import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { refusal } from './ticket.refusal.js';
import { abandonedUntil, TicketSettings } from './ticket.settings.js';
import { canonicalPassword, Credentials } from './credentials.js';
import { TicketEvents } from './events/ticket.events.js';
import { toDuration } from './input/duration.js';
import type { ReissueInput } from './input/reissue.input.js';
import { PasswordGenerator } from './secrets/password.generator.js';
import { Verifiers } from './secrets/verifier.js';
import { ticketOf, type TicketRow } from './store/ticket.row.js';
import { TicketStore } from './store/ticket.store.js';
import { NoTicketError, TicketBusyError } from './ticket.errors.js';
import type { IssuedTicket } from './ticket.issuer.js';

/** Withdraws, reopens and reissues tickets. */
@Injectable()
export class TicketLifecycle {
  constructor(
    private readonly store: TicketStore,
    private readonly verifiers: Verifiers,
    private readonly passwords: PasswordGenerator,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
  ) {}

  revoke(uuid: string, manager?: EntityManager): Promise<boolean> {
    const revoke = () => this.store.win('revoke', { uuid, now: this.settings.now().getTime() }, manager);
    return this.told('revoked', uuid, revoke, manager);
  }

  reopen(uuid: string, manager?: EntityManager): Promise<boolean> {
    return this.told('reopened', uuid, () => this.store.win('reopen', { uuid }, manager), manager);
  }

  /** Asks where the ticket admits, for who listens: before the deed, which then stands whatever happens. */
  private async told(
    type: 'revoked' | 'reopened',
    uuid: string,
    write: () => Promise<boolean>,
    manager?: EntityManager,
  ): Promise<boolean> {
    const row = this.events.hasSubscribers ? await this.store.load(uuid, manager) : undefined;
    const isDone = await write();
    if (row && isDone) this.events.emit(type, row, manager);
    return isDone;
  }

  /** Gives a ticket another secret: the old one, and the passes that it gave, are worth nothing from then on. */
  async reissue<T>(
    uuid: string | undefined,
    input: ReissueInput,
    manager?: EntityManager,
  ): Promise<IssuedTicket<T>> {
    const now = this.settings.now();
    const row = uuid === undefined ? undefined : await this.store.load(uuid, manager);
    if (!row) throw noSuchTicket();
    const renewed = { ...row, expiresAt: expiryOf(input, row, now), generation: row.generation + 1 };
    const over = refusal(ticketOf(renewed), now);
    if (over) throw over;
    const { password, code } = this.passwords.next(row.verifier);
    const verifier = await this.verifiers.make(canonicalPassword(password)!, renewed, code);
    await this.write(row, { ...renewed, verifier }, now, manager);
    this.events.emit('reissued', row, manager);
    return { ticket: ticketOf<T>(renewed), credentials: new Credentials(row.uuid, password) };
  }

  /** @throws what has become of it: TicketBusyError when the old secret is being used, or the ticket reissued by another */
  private async write(row: TicketRow, renewed: TicketRow, now: Date, manager?: EntityManager): Promise<void> {
    const given = {
      uuid: row.uuid,
      generation: row.generation,
      verifier: renewed.verifier,
      expiresAt: renewed.expiresAt?.getTime() ?? null,
      abandoned: abandonedUntil(this.settings, now),
    };
    if (await this.store.win('reissue', given, manager)) return;
    const current = await this.store.load(row.uuid, manager);
    if (!current) throw noSuchTicket();
    // As it would be: a ticket that has expired was to get another expiry.
    const over = refusal(ticketOf({ ...current, expiresAt: renewed.expiresAt }), now);
    throw over ?? new TicketBusyError();
  }
}

const noSuchTicket = () => new NoTicketError('There is no such ticket.');

const expiryOf = ({ expiresIn }: ReissueInput, row: TicketRow, now: Date): Date | null => {
  if (expiresIn === undefined) return row.expiresAt;
  return expiresIn === null ? null : new Date(now.getTime() + toDuration(expiresIn)!);
};
