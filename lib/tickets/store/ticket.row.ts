import type { DataSource, QueryRunner, SelectQueryBuilder } from 'typeorm';
import { orNull, type Read, readInstant, readJson, readText, readWholeNumber } from '../column.readers.js';
import { canonicalUuid } from '../credentials.js';
import { isVerifier } from '../secrets/verifier.js';
import { Ticket } from '../ticket.entity.js';
import { type OwnPart, readOwn, shownColumns } from './own-columns.js';
import { mappingOf } from './ticket.mapping.js';

/** A whole row: the ticket, and the internals that {@link Ticket} keeps from the app. */
export interface TicketRow {
  readonly uuid: string;
  readonly place: string;
  readonly purpose: string;
  readonly subject: string | null;
  readonly data: unknown;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly verifier: string;
  readonly generation: number;
  readonly attempts: number;
  readonly claimId: string | null;
  readonly claimedAt: Date | null;
  /**
   * The columns that this version cannot read, if any: somebody else has written them, or a newer version. Such a row
   * admits nobody.
   */
  readonly unreadable?: readonly string[];
  /** What it has of the app's own entity, where there is one. */
  readonly own?: OwnPart | undefined;
}

/** What all new rows have in common. */
export const NEW_ROW = {
  generation: 1,
  attempts: 0,
  usedAt: null,
  revokedAt: null,
  claimId: null,
  claimedAt: null,
} as const satisfies Partial<TicketRow>;

/** A row that is not written yet. */
export interface NewRow extends Omit<TicketRow, 'unreadable'> {
  /** Its `data`, as the table has it. */
  readonly json: string;
}

/** A new row. Spelled out: a spread would take a hundred times as long. */
export const newRow = (given: Omit<NewRow, keyof typeof NEW_ROW>): NewRow => ({
  uuid: given.uuid,
  place: given.place,
  purpose: given.purpose,
  subject: given.subject,
  data: given.data,
  json: given.json,
  own: given.own,
  createdAt: given.createdAt,
  expiresAt: given.expiresAt,
  verifier: given.verifier,
  generation: NEW_ROW.generation,
  attempts: NEW_ROW.attempts,
  usedAt: NEW_ROW.usedAt,
  revokedAt: NEW_ROW.revokedAt,
  claimId: NEW_ROW.claimId,
  claimedAt: NEW_ROW.claimedAt,
});

/** The uuid that is none (RFC 9562, section 5.9). */
const NIL = '00000000-0000-0000-0000-000000000000';

/** The most that the databases' `integer` holds. */
const MOST = 2 ** 31 - 1;

/**
 * What can be read of each column, and so which rows are whole: decided here alone. The order of instants does not count,
 * since clocks differ; a claim may lack its instant, and then holds.
 */
const READERS: Record<keyof Omit<TicketRow, 'unreadable' | 'own'>, (value: unknown) => Read<unknown>> = {
  uuid: readText((uuid) => canonicalUuid(uuid) === uuid),
  place: readText((place) => place !== ''),
  purpose: readText((purpose) => purpose !== ''),
  subject: orNull(readText()),
  data: readJson,
  createdAt: readInstant,
  expiresAt: orNull(readInstant),
  usedAt: orNull(readInstant),
  revokedAt: orNull(readInstant),
  verifier: readText(isVerifier),
  // Less one: a reissue adds one to it.
  generation: readWholeNumber(1, MOST - 1),
  attempts: readWholeNumber(0, MOST),
  claimId: orNull(readText()),
  claimedAt: orNull(readInstant),
};

/**
 * Selects whole rows, columns under their own names, internals included; all that reads tickets begins with it. Never from
 * the cache of the app's data source, which may have them as they were.
 */
export function wholeRow(dataSource: DataSource, queryRunner?: QueryRunner): SelectQueryBuilder<Ticket> {
  const builder = dataSource.createQueryBuilder(queryRunner);
  const { entity, columns } = mappingOf(dataSource);
  return builder
    .select([...columns, ...shownColumns(dataSource)].map(({ databaseName }) => builder.escape(databaseName)))
    .from(entity, 'ticket')
    .cache(false);
}

/**
 * Selects every column of the table and finds no row, by its key: costs the same for a table of any size or state. Each
 * column is named with its table: some builds of SQLite take the name of a missing one alone for a text.
 */
export function noRow(dataSource: DataSource, queryRunner: QueryRunner): SelectQueryBuilder<Ticket> {
  const query = wholeRow(dataSource, queryRunner);
  const { columns, own } = mappingOf(dataSource);
  const names = [...columns, ...own].map(({ databaseName }) => databaseName);
  return query
    .select(names.map((name) => `${query.escape(query.alias)}.${query.escape(name)}`))
    .where('ticket.uuid = :none', { none: NIL });
}

/** The row in a record that {@link wholeRow} has selected. */
export function rowOf(record: Record<string, unknown>, dataSource: DataSource): TicketRow {
  const row: Record<string, unknown> = {};
  const unreadable: string[] = [];
  for (const { propertyName: name, databaseName } of mappingOf(dataSource).columns) {
    const { value, isReadable } = READERS[name as keyof typeof READERS](record[databaseName]);
    row[name] = value;
    if (!isReadable) unreadable.push(name);
  }
  const own = readOwn(record, dataSource, unreadable);
  if (own) row.own = own;
  const whole = row as unknown as TicketRow;
  return unreadable.length === 0 ? whole : { ...whole, unreadable };
}

/** A ticket by its uuid, with its place and purpose: what an event names. */
export type NamedTicket = Pick<TicketRow, 'uuid' | 'place' | 'purpose'>;

/** Selects what {@link namedTicket} reads of rows. */
export function namedRows(dataSource: DataSource, queryRunner: QueryRunner): SelectQueryBuilder<Ticket> {
  const query = wholeRow(dataSource, queryRunner);
  return query.select(['uuid', 'place', 'purpose'].map((name) => query.escape(name)));
}

/** The names in a record of {@link namedRows}. */
export const namedTicket = ({ uuid, place, purpose }: Record<string, unknown>): NamedTicket =>
  ({
    uuid: READERS.uuid(uuid).value,
    place: READERS.place(place).value,
    purpose: READERS.purpose(purpose).value,
  }) as NamedTicket;

/** The row, where it is there and this version can read it: for all that admits a guest. */
export const readable = (row: TicketRow | undefined): TicketRow | undefined =>
  row?.unreadable ? undefined : row;

/** The generation of each ticket object when it was read. Not a field, so that nothing can print or copy it. */
const generations = new WeakMap<Ticket, number>();
/** The ticket objects of rows that cannot be read. */
const unreadables = new WeakSet<Ticket>();

/** The ticket of a row, without the internals; without `data`, too, when the row cannot be read. */
export function ticketOf<T>(row: TicketRow): Ticket<T> {
  const ticket = new (row.own?.entity ?? Ticket)() as Ticket<T>;
  // Field by field: Object.assign() takes four times as long.
  ticket.uuid = row.uuid;
  ticket.place = row.place;
  ticket.purpose = row.purpose;
  ticket.subject = row.subject;
  ticket.data = (row.unreadable ? null : row.data) as T;
  ticket.createdAt = row.createdAt;
  ticket.expiresAt = row.expiresAt;
  ticket.usedAt = row.usedAt;
  ticket.revokedAt = row.revokedAt;
  if (row.own) Object.assign(ticket, row.own.values);
  if (row.unreadable) unreadables.add(ticket);
  else generations.set(ticket, row.generation);
  return ticket;
}

/** Whether it stands for a row that could not be read, and so can neither be claimed nor redeemed. */
export const isUnreadable = (ticket: Ticket): boolean => unreadables.has(ticket);

/**
 * `undefined` for a ticket that did not come from the ticket office (made by hand, copied, or read by another query), and
 * for one that {@link isUnreadable}.
 */
export const generationOf = (ticket: Ticket): number | undefined => generations.get(ticket);
