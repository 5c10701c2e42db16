import type { DataSource, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { Ticket } from '../ticket.entity.js';
import { TICKET_TABLE } from '../ticket.table.js';

/** An entity of the table of tickets: Ticket, or a class of the app's that extends it. */
export type TicketEntity = new () => Ticket;

/** How a data source has the table of tickets. */
export interface TicketMapping {
  readonly entity: TicketEntity;
  /** Its name, with its schema where it has one. */
  readonly tablePath: string;
  readonly tableName: string;
  /** The columns that are the library's. */
  readonly columns: readonly ColumnMetadata[];
  /** The columns that the app's entity has beside them. */
  readonly own: readonly ColumnMetadata[];
}

/** By the list of a data source's entities: each `initialize()` makes another one. */
const mappings = new WeakMap<readonly EntityMetadata[], TicketMapping>();

/** The entities of a data source that have the table of tickets: one, unless the app has listed more. */
export const ticketMetadatas = ({ entityMetadatas }: DataSource): EntityMetadata[] =>
  entityMetadatas.filter(
    ({ target, tableMetadataArgs: { name } }) => isTicket(target) && name === TICKET_TABLE,
  );

/** How a data source has the table of tickets; `undefined` when none of its entities has it. */
export function findMapping(dataSource: DataSource): TicketMapping | undefined {
  const { entityMetadatas } = dataSource;
  const known = mappings.get(entityMetadatas);
  if (known) return known;
  const [metadata] = ticketMetadatas(dataSource);
  if (!metadata) return undefined;
  const { target, tablePath, tableName, columns } = metadata;
  const isOurs = (column: ColumnMetadata) => column.target === Ticket;
  const mapping = {
    entity: target as TicketEntity,
    tablePath,
    tableName,
    columns: columns.filter(isOurs),
    own: columns.filter((column) => !isOurs(column)),
  };
  mappings.set(entityMetadatas, mapping);
  return mapping;
}

/** The same for a data source that has it, which is checked at boot. */
export const mappingOf = (dataSource: DataSource): TicketMapping => findMapping(dataSource)!;

/** Its name in messages: ours has another one for TypeORM. */
export const nameOf = (entity: object): string =>
  entity === Ticket ? 'Ticket' : (entity as { name: string }).name;

/** Whether a class is Ticket, or extends it. */
export const isTicket = (target: unknown): target is TicketEntity =>
  typeof target === 'function' && (target === Ticket || target.prototype instanceof Ticket);
