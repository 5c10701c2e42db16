import { BeforeUpdate, Column, Entity, type EntityOptions, PrimaryColumn } from 'typeorm';
import { columnTransformer } from '../database/typeorm.internals.js';
import { readJson } from './column.readers.js';
import { isOfScope } from './definitions/defined-scope.js';
import type { PlaceParams, TicketDefinition } from './definitions/ticket.definition.js';
import { notSaved } from './ticket.overwritten.js';
import {
  EntityName,
  instantColumn,
  NAME_LENGTH,
  SUBJECT_LENGTH,
  TICKET_ENTITY,
  TicketIndexes,
  UUID_LENGTH,
  VERIFIER_LENGTH,
} from './ticket.table.js';

/** The ways in which a ticket can be over, each with the column of its instant. The first that applies is the status. */
export const TICKET_ENDS = { used: 'usedAt', revoked: 'revokedAt', expired: 'expiresAt' } as const;
/** @inline */
export type TicketEnd = keyof typeof TICKET_ENDS;
/** The names of the ends, in that order. */
export const TICKET_END_NAMES = Object.keys(TICKET_ENDS) as readonly TicketEnd[];

/** The first that applies of: used, revoked, expired, valid. */
export type TicketStatus = TicketEnd | 'valid';

const toData = (json: unknown): unknown => readJson(json).value;

/**
 * Permission for one guest to do one thing once. The object has the state of the row when it was read, and does not
 * follow later changes.
 *
 * @typeParam T the type of the app's own `data`
 */
@Entity(TICKET_ENTITY)
@TicketIndexes()
@EntityName('TicketOfficeTicket')
export class Ticket<T = unknown> {
  /**
   * What `@Entity()` takes for a class of your own that has this table: its name, and for MariaDB and MySQL its collation.
   *
   * @example
   * @Entity(Ticket.table)
   * class MuseumTicket extends Ticket {
   *   @Column({ type: 'varchar', length: 40, nullable: true })
   *   gallery!: string | null;
   * }
   */
  static readonly table: EntityOptions = TICKET_ENTITY;

  // Column names are spelled out so that an app's naming strategy cannot detach them from the migration.

  /** Names the ticket; version 7, lower case, with hyphens. May be logged. */
  @PrimaryColumn({ name: 'uuid', type: 'varchar', length: UUID_LENGTH })
  uuid!: string;

  /** Where the ticket admits, such as `louvre`. */
  @Column({ name: 'place', type: 'varchar', length: NAME_LENGTH })
  place!: string;

  /** What it admits for, such as `visit`. */
  @Column({ name: 'purpose', type: 'varchar', length: NAME_LENGTH })
  purpose!: string;

  /** What the ticket is about, such as a user id or an order number; `null`: nothing was given. */
  @Column({ name: 'subject', type: 'varchar', length: SUBJECT_LENGTH, nullable: true })
  subject: string | null = null;

  /** The app's own JSON; `{}` when none was given, `null` when the row cannot be read: it admits nobody then. */
  @Column({ name: 'data', type: 'text', transformer: columnTransformer(JSON.stringify, toData) })
  data!: T;

  /** When the ticket was issued. */
  @Column(instantColumn('createdAt'))
  createdAt!: Date;

  /** The first instant at which the ticket is no longer valid; `null`: it never expires. */
  @Column(instantColumn('expiresAt', { nullable: true }))
  expiresAt: Date | null = null;

  /** When the ticket was stamped; `null`: not used. */
  @Column(instantColumn('usedAt', { nullable: true }))
  usedAt: Date | null = null;

  /** When the ticket was revoked; `null`: not revoked. */
  @Column(instantColumn('revokedAt', { nullable: true }))
  revokedAt: Date | null = null;

  // The internals: no query selects them unless it names them, and no JSON contains them.

  /** What the secret is checked against; see `verifier.ts`. */
  @Column({ name: 'verifier', type: 'varchar', length: VERIFIER_LENGTH, select: false })
  protected verifier?: string;

  /** Counts the secrets that this ticket has had: a pass and a claim are good for one of them only. */
  @Column({ name: 'generation', type: 'integer', select: false })
  protected generation?: number;

  /** How many guesses at a human's password or a code were wrong so far, or are being checked. */
  @Column({ name: 'attempts', type: 'integer', select: false })
  protected attempts?: number;

  /** The random id of the claim that holds or has stamped this ticket. */
  @Column({ name: 'claimId', type: 'varchar', length: UUID_LENGTH, nullable: true, select: false })
  protected claimId?: string | null;

  @Column(instantColumn('claimedAt', { nullable: true, select: false }))
  protected claimedAt?: Date | null;

  get used(): boolean {
    return this.usedAt !== null;
  }

  get revoked(): boolean {
    return this.revokedAt !== null;
  }

  /** By the system's clock; for another clock, call `status(now)`. */
  get expired(): boolean {
    return this.isExpired(new Date());
  }

  /** Neither used, nor revoked, nor expired. */
  isValid(now: Date = new Date()): boolean {
    return this.status(now) === 'valid';
  }

  /** Whether it admits to this place for this purpose; case and spaces count. */
  isAppropriate(place: string, purpose: string): boolean;
  /**
   * Whether it admits to the place and the purpose of a definition.
   *
   * @param params what fills the parameters of its place
   * @throws TicketInputError for `params` that do not fill them
   */
  isAppropriate<D extends TicketDefinition>(definition: D, ...params: PlaceParams<D>): boolean;
  isAppropriate(placeOrDefinition: unknown, purposeOrParams?: unknown): boolean {
    return isOfScope(this, placeOrDefinition, purposeOrParams);
  }

  /** @param now by default the system's clock */
  status(now: Date = new Date()): TicketStatus {
    const over = { used: this.used, revoked: this.revoked, expired: this.isExpired(now) };
    return TICKET_END_NAMES.find((end) => over[end]) ?? 'valid';
  }

  /**
   * TypeORM calls it when the app saves a ticket object that differs from its row, and not at `update()`.
   *
   * @throws TicketOfficeConfigurationError always: a used or revoked ticket would be valid again
   */
  @BeforeUpdate()
  protected refuseSave(): never {
    throw notSaved(this);
  }

  private isExpired(now: Date): boolean {
    return this.expiresAt !== null && this.expiresAt.getTime() <= now.getTime();
  }
}
