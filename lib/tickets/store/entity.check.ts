import { type DataSource, type EntityMetadata, getMetadataArgsStorage } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { copyProblem, otherCopies } from '../../copies.js';
import { isMySql } from '../../database/dialect.js';
import { COUNT_NAMES } from '../input/count.input.js';
import { ISSUE_NAMES } from '../input/issue.input.js';
import { PAGE_NAMES } from '../input/list.input.js';
import { describe } from '../input/rules.js';
import { Ticket } from '../ticket.entity.js';
import { TicketOfficeConfigurationError } from '../ticket.errors.js';
import { MYSQL_TABLE_OPTIONS, TICKET_TABLE } from '../ticket.table.js';
import { withoutEntity } from './database.errors.js';
import {
  findMapping,
  isTicket,
  mappingOf,
  nameOf,
  type TicketEntity,
  ticketMetadatas,
} from './ticket.mapping.js';

const EXAMPLE = '@Entity(Ticket.table) class MuseumTicket extends Ticket';

/** @throws TicketOfficeConfigurationError when a data source has not this one as the entity of the table of tickets */
export function assertEntity(dataSource: DataSource, entity: TicketEntity): void {
  const written = classProblem(entity);
  if (written === undefined && !findMapping(dataSource)) throw withoutEntity(dataSource, entity);
  const problem = written ?? mappingProblem(dataSource, entity);
  if (problem !== undefined) throw new TicketOfficeConfigurationError(problem);
}

/** What is wrong with an `entity`, the module's or that of a test's ticket, as it is written, and what to write; nothing when it is fine. */
export function classProblem(entity: unknown): string | undefined {
  if (entity === undefined)
    return 'entity is undefined: two files import each other, or a name is misspelt; write the class that extends Ticket';
  if (!isTicket(entity)) return notATicket(entity);
  const name = nameOf(entity);
  const table = getMetadataArgsStorage().tables.find(({ target }) => target === entity);
  if (!table) return `entity ${name} is no entity: write ${EXAMPLE}`;
  return table.type === 'regular' && table.name === TICKET_TABLE
    ? undefined
    : `entity ${name} has another table than ${TICKET_TABLE}, which the migrations make: write ${EXAMPLE}`;
}

function notATicket(entity: unknown): string {
  const isOf = ({ parts }: { readonly parts: readonly unknown[] }) =>
    parts.some((part) => typeof part === 'function' && Object(entity).prototype instanceof part);
  const other = otherCopies().find(isOf);
  if (other) return copyProblem('entity', other);
  const given = typeof entity === 'function' ? entity.name || 'a function' : describe(entity);
  return `entity must be a class that extends Ticket, not ${given}: write ${EXAMPLE}`;
}

/** What is wrong with the entity of the table as a data source has it, and what to write; nothing when it is fine. */
function mappingProblem(dataSource: DataSource, entity: TicketEntity): string | undefined {
  const all = ticketMetadatas(dataSource);
  const others = all.map(({ target }) => target as TicketEntity).filter((target) => target !== entity);
  if (others.length > 0) return otherProblem(entity, others);
  if (entity === Ticket) return undefined;
  const [metadata] = all as [EntityMetadata];
  if (isMySql(dataSource) && metadata.engine !== MYSQL_TABLE_OPTIONS)
    return `entity ${nameOf(entity)} lacks the table's engine and collation: write ${EXAMPLE}`;
  const problems = [
    ...overridden(entity).map((name) => `${name} is a column of Ticket: leave it as it is there`),
    ...metadata.columns.flatMap((column) => columnProblem(column, dataSource) ?? []),
  ];
  return problems.length === 0 ? undefined : `entity ${nameOf(entity)}: ${problems.join('; ')}`;
}

function otherProblem(entity: TicketEntity, others: readonly TicketEntity[]): string {
  const other = nameOf(others[0]!);
  const both = `The data source has the entity ${other} of the table ${TICKET_TABLE}, and TicketOfficeModule has ${nameOf(entity)}`;
  return entity === Ticket
    ? `${both}: write entity: ${other} beside isGlobal in TicketOfficeModule.forRoot(), and leave Ticket out of the data source`
    : `${both}: list ${nameOf(entity)} alone, since synchronize would drop the columns that ${other} lacks`;
}

/** What inputs have beside the columns of a ticket. */
const RESERVED: ReadonlySet<string> = new Set([
  ...ISSUE_NAMES,
  ...COUNT_NAMES,
  ...PAGE_NAMES,
  // Of a definition.
  'params',
  'toJSON',
]);

const SPECIAL: readonly (readonly [(column: ColumnMetadata) => unknown, string])[] = [
  [
    ({ embeddedMetadata }) => embeddedMetadata,
    'is in an embedded class: write its columns in the entity itself',
  ],
  [
    ({ isVirtual, relationMetadata }) => isVirtual && relationMetadata,
    "is a relation without a property for its column: write one beside it, such as @Column() museumId: number, with @JoinColumn({ name: 'museumId' })",
  ],
  [({ isVirtualProperty }) => isVirtualProperty, 'is no column of the table: write a getter'],
  [({ isDeleteDate }) => isDeleteDate, 'would hide tickets from the ticket office: revoke them instead'],
  [({ isPrimary }) => isPrimary, 'cannot be part of the key: that is uuid'],
  [({ isDiscriminator }) => isDiscriminator, 'tells classes of one table apart: write one class'],
  [
    ({ asExpression, isInsert }) => asExpression && isInsert,
    'is made by the database: write insert: false, update: false',
  ],
];

function columnProblem(column: ColumnMetadata, dataSource: DataSource): string | undefined {
  if (column.target === Ticket) return undefined;
  const { propertyName: name, databaseName } = column;
  const { columns } = mappingOf(dataSource);
  const [, special] = SPECIAL.find(([applies]) => applies(column)) ?? [];
  if (special !== undefined) return `${name} ${special}`;
  if (RESERVED.has(name) || name in Ticket.prototype)
    return `${name} has another meaning: give the property another name, and the column with { name: '${name}' }`;
  // On SQLite, MariaDB and MySQL, case makes no difference.
  const isTaken = columns.some((ours) => ours.databaseName.toLowerCase() === databaseName.toLowerCase());
  return isTaken
    ? `${name} is kept in ${databaseName}, a column of Ticket: write { name: … } with another one`
    : undefined;
}

/** The columns of Ticket that a class declares, too: TypeORM takes no notice of the second one. */
function overridden(entity: TicketEntity): string[] {
  const namesIn = (isMeant: (target: unknown) => boolean) =>
    getMetadataArgsStorage()
      .columns.filter(({ target }) => isMeant(target))
      .map(({ propertyName }) => propertyName);
  const ours = new Set(namesIn((target) => target === Ticket));
  const isBelow = (target: unknown) =>
    target !== Ticket && isTicket(target) && (target === entity || entity.prototype instanceof target);
  return namesIn(isBelow).filter((name) => ours.has(name));
}
