import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { dataSourceOf } from '../database/typeorm.internals.js';
import { canonicalPassword, Credentials } from './credentials.js';
import { TicketEvents } from './events/ticket.events.js';
import { instantAfter } from './input/duration.js';
import type { TicketFilter } from './input/filter.input.js';
import type { ReissueInput } from './input/reissue.input.js';
import { PasswordGenerator } from './secrets/password.generator.js';
import { Verifiers } from './secrets/verifier.js';
import { ownSelection } from './store/own-columns.conditions.js';
import { revokeSelection } from './store/revocation.statements.js';
import { TicketDatabase } from './store/ticket.database.js';
import { filterConditions, filterParameters } from './store/ticket.conditions.js';
import { type NamedTicket, ticketOf, type TicketRow } from './store/ticket.row.js';
import { TicketStore } from './store/ticket.store.js';
import type { IssuedTicket } from './issuing/ticket.drafts.js';
import {
  TicketBusyError,
  TicketInputError,
  TicketLockedError,
  TicketNotFoundError,
} from './ticket.errors.js';
import { isLocked } from './ticket.inspection.js';
import { refusal } from './ticket.refusal.js';
import { abandonedUntil, TicketSettings } from './ticket.settings.js';

/** Revokes, reopens and reissues tickets. */
@Injectable()
export class TicketLifecycle {
  constructor(
    private readonly database: TicketDatabase,
    private readonly store: TicketStore,
    private readonly verifiers: Verifiers,
    private readonly passwords: PasswordGenerator,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
  ) {}

  async revoke(uuid: string | undefined, manager?: EntityManager): Promise<boolean> {
    this.store.assertManager('revoke()', manager);
    if (uuid === undefined) return false;
    const revoke = () => this.store.win('revoke', { uuid, now: this.settings.now().getTime() }, manager);
    return this.emitted('revoked', uuid, revoke, manager);
  }

  /** In one transaction. */
  async revokeAll(filter: TicketFilter, manager?: EntityManager): Promise<number> {
    this.database.assertTransaction('revokeAll()', manager);
    const now = this.settings.now().getTime();
    let revoked: NamedTicket[] = [];
    const keep = (tickets: readonly NamedTicket[]) => {
      if (this.events.hasSubscribers) revoked.push(...tickets);
    };
    const count = await this.database.transact(
      (runner, _, again) => {
        // An earlier try was rolled back, or is found again.
        revoked = [];
        const dataSource = dataSourceOf(runner);
        const own = ownSelection(filter, dataSource);
        const conditions = [...filterConditions(filter, dataSource), ...own.conditions];
        const selection = { conditions, parameters: { ...filterParameters(filter), ...own.parameters } };
        return revokeSelection(runner, selection, { now, again }, keep);
      },
      manager,
      { idempotent: true },
    );
    for (const ticket of revoked) this.events.emit('revoked', ticket, manager);
    return count;
  }

  async reopen(uuid: string | undefined, manager?: EntityManager): Promise<boolean> {
    this.store.assertManager('reopen()', manager);
    if (uuid === undefined) return false;
    return this.emitted('reopened', uuid, () => this.store.win('reopen', { uuid }, manager), manager);
  }

  /** Gives a ticket another secret: the old one and its passes are invalid from then on. */
  async reissue<T>(
    uuid: string | undefined,
    { expiresIn }: ReissueInput,
    manager?: EntityManager,
  ): Promise<IssuedTicket<T>> {
    this.store.assertManager('reissue()', manager);
    const now = this.settings.now();
    const row = uuid === undefined ? undefined : await this.store.load(uuid, manager);
    if (!row) throw new TicketNotFoundError();
    assertRenewable(row);
    if (isLocked(row, this.settings)) throw new TicketLockedError();
    const expiresAt = expiresIn === undefined ? row.expiresAt : instantAfter(now, expiresIn);
    const { unreadable: _, ...whole } = row;
    const renewed = { ...whole, expiresAt, generation: row.generation + 1 };
    const over = refusal(ticketOf(renewed), now);
    if (over) throw over;
    const { password, code } = this.passwords.next(row.verifier);
    const verifier = await this.verifiers.make(canonicalPassword(password)!, renewed, code);
    await this.write(row, { ...renewed, verifier }, now, manager);
    this.events.emit('reissued', row, manager);
    const written = await this.store.withOwn(renewed, manager);
    return { ticket: ticketOf<T>(written), credentials: new Credentials(row.uuid, password) };
  }

  /** Loads place and purpose for the event before the write, and only while the app subscribes to events. */
  private async emitted(
    type: 'revoked' | 'reopened',
    uuid: string,
    write: () => Promise<boolean>,
    manager?: EntityManager,
  ): Promise<boolean> {
    const row = this.events.hasSubscribers ? await this.store.load(uuid, manager) : undefined;
    const isWritten = await write();
    if (row && isWritten) this.events.emit(type, row, manager);
    return isWritten;
  }

  /** @throws the error that says what prevents it: TicketBusyError for a claim, or for another reissue */
  private async write(row: TicketRow, renewed: TicketRow, now: Date, manager?: EntityManager): Promise<void> {
    const given = {
      uuid: row.uuid,
      generation: row.generation,
      verifier: renewed.verifier,
      expiresAt: renewed.expiresAt?.getTime() ?? null,
      abandoned: abandonedUntil(this.settings, now),
      most: this.settings.maxAttempts,
    };
    if (await this.store.win('reissue', given, manager)) return;
    const current = await this.store.load(row.uuid, manager);
    if (!current) throw new TicketNotFoundError();
    if (isLocked(current, this.settings)) throw new TicketLockedError();
    // With the new expiry: an expired ticket may be reissued with a later one.
    const over = refusal(ticketOf({ ...current, expiresAt: renewed.expiresAt }), now);
    throw over ?? new TicketBusyError();
  }
}

/** A new secret mends a verifier that cannot be read; with anything else of the row, it would open nothing. */
function assertRenewable({ uuid, unreadable = [] }: TicketRow): void {
  const lost = unreadable.filter((column) => column !== 'verifier');
  if (lost.length === 0) return;
  const advice = 'mend its row, or revoke it and issue another ticket';
  throw new TicketInputError('reissue()', [`ticket ${uuid} cannot be read (${lost.join(', ')}): ${advice}`]);
}
