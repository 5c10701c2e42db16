import type { DataSource, QueryRunner, SelectQueryBuilder } from 'typeorm';
import { columnsOf, hydrated } from '../../database/typeorm.internals.js';
import { Ticket } from '../ticket.entity.js';

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
}

/** Selects whole rows, columns under their own names, internals included. */
export function wholeRow(dataSource: DataSource, queryRunner?: QueryRunner): SelectQueryBuilder<Ticket> {
  const builder = dataSource.createQueryBuilder(queryRunner);
  const columns = columnsOf(dataSource, Ticket);
  return builder
    .select(columns.map(({ databaseName }) => builder.escape(databaseName)))
    .from(Ticket, 'ticket');
}

/** The row in a record that {@link wholeRow} has selected. */
export function rowOf(record: Record<string, unknown>, dataSource: DataSource): TicketRow {
  const fields = columnsOf(dataSource, Ticket).map((column) => [
    column.propertyName,
    hydrated(dataSource, column, record[column.databaseName]),
  ]);
  return Object.fromEntries(fields) as TicketRow;
}

/** The generation of each ticket object when it was read. Not a field, so that nothing can print or copy it. */
const generations = new WeakMap<Ticket, number>();

/** The ticket of a row, without the internals. */
export function ticketOf<T>(row: TicketRow): Ticket<T> {
  const { uuid, place, purpose, subject, data, createdAt, expiresAt, usedAt, revokedAt } = row;
  const ticket = Object.assign(new Ticket<T>(), {
    uuid,
    place,
    purpose,
    subject,
    data: data as T,
    createdAt,
    expiresAt,
    usedAt,
    revokedAt,
  });
  generations.set(ticket, row.generation);
  return ticket;
}

/** `undefined` for a ticket that did not come from the ticket office: made by hand, copied, or read by another query. */
export const generationOf = (ticket: Ticket): number | undefined => generations.get(ticket);
