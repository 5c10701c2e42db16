import { getMetadataArgsStorage } from 'typeorm';
import type { DataOf, TicketOf } from '../tickets/definitions/defined.types.js';
import { definedScope, scopeFieldProblems } from '../tickets/definitions/defined-scope.js';
import {
  type Argument,
  DEFINITION_ALONE,
  isDefinition,
  lacksDefinition,
  type NoDefinition,
  type TicketDefinition,
  undefinedProblem,
} from '../tickets/definitions/ticket.definition.js';
import { isObject } from '../tickets/input/copied-fields.js';
import { describe, filled, validateBeside, withoutUndefined } from '../tickets/input/rules.js';
import { subjectText } from '../tickets/input/subject.rule.js';
import { uuidAt } from '../tickets/issuing/ticket.uuid.js';
import type { TicketWith } from '../tickets/own-columns.types.js';
import { classProblem } from '../tickets/store/entity.check.js';
import type { TicketEntity } from '../tickets/store/ticket.mapping.js';
import { Ticket } from '../tickets/ticket.entity.js';
import { TicketInputError } from '../tickets/ticket.errors.js';
import {
  type DefinedTicketFields,
  type EntityFields,
  type TicketFields,
  TicketFieldsRules,
} from './ticket-fields.js';

const CALL = 'ticketFor()';

/**
 * Makes a ticket for a unit test, valid unless you say otherwise. It is in no database: pass it to a controller's method,
 * or have {@link admit} admit it. The rules of a definition's data are not asked, nor those of your own columns: only
 * their types are, and a column that is left out is as the class has it, without a default of the database.
 *
 * @example
 * const ticket = ticketFor({ data: { firstName: 'Léonard' } });
 * expect(controller.visit(ticket)).toBe('Welcome to the Louvre museum Léonard');
 * ticketFor(LouvreVisit, { data: { firstName: 'Léonard' } });
 * ticketFor({ entity: MuseumTicket, gallery: 'Denon', persons: 2 });
 * @throws TicketInputError that names each field that no ticket can have
 */
export function ticketFor<D extends TicketDefinition, C extends new () => Ticket>(
  definition: D,
  fields: DefinedTicketFields<D> & EntityFields<C>,
): TicketWith<InstanceType<C>, DataOf<D>>;
export function ticketFor<C extends new () => Ticket, T = unknown>(
  fields: TicketFields<T> & EntityFields<C> & NoDefinition,
): TicketWith<InstanceType<C>, T>;
export function ticketFor<D extends TicketDefinition>(
  definition: D,
  ...fields: Argument<DefinedTicketFields<D>>
): TicketOf<D>;
export function ticketFor<T = unknown>(fields?: TicketFields<T> & NoDefinition): Ticket<T>;
export function ticketFor(first?: unknown, second?: unknown): Ticket {
  const fields = isDefinition(first) ? definedFields(first, second) : fieldsAlone(first, second);
  const entity = entityOf(fields);
  const columns = ownColumns(entity);
  assertNone(validateBeside([...columns, 'entity'], fields, 'the input', TicketFieldsRules));
  const { createdAt = new Date(), subject, ...given } = filled(TicketFieldsRules, fields as TicketFields);
  return Object.assign(new entity(), ownValues(columns, fields as object), {
    ...given,
    uuid: given.uuid ?? uuidAt(createdAt),
    subject: subject === null ? null : subjectText(subject),
    createdAt,
  });
}

/** @throws TicketInputError for a second argument: ignored, it would leave a ticket without what it says */
function fieldsAlone(first: unknown, second: unknown): unknown {
  if (lacksDefinition(first, second)) throw new TicketInputError(CALL, [undefinedProblem('the definition')]);
  assertNone(second === undefined ? [] : [DEFINITION_ALONE]);
  return first === undefined ? {} : first;
}

function definedFields(definition: TicketDefinition, given: unknown = {}): TicketFields {
  assertNone(
    isObject(given) ? scopeFieldProblems(given) : [`the input must be an object, not ${describe(given)}`],
  );
  const { params, ...fields } = given as TicketFields & { readonly params?: unknown };
  return { ...fields, ...definedScope(CALL, definition, params) };
}

/** The class of the ticket: the app's own where one is written. */
function entityOf(fields: unknown): TicketEntity {
  if (!isObject(fields) || !('entity' in fields)) return Ticket;
  const { entity } = fields;
  const problem = classProblem(entity);
  assertNone(problem === undefined ? [] : [problem]);
  return entity as TicketEntity;
}

/** The names of the columns that a class has beside those of Ticket, inherited ones included. */
const ownColumns = (entity: TicketEntity): string[] =>
  getMetadataArgsStorage()
    .columns.filter(({ target }) => target !== Ticket && isOf(entity, target))
    .map(({ propertyName }) => propertyName);

const isOf = (entity: TicketEntity, target: Function | string): boolean =>
  target === entity || (typeof target === 'function' && entity.prototype instanceof target);

const ownValues = (columns: readonly string[], fields: object): object =>
  withoutUndefined(
    Object.fromEntries(columns.map((name) => [name, fields[name as keyof object] as unknown])),
  );

function assertNone(problems: readonly string[]): void {
  if (problems.length > 0) throw new TicketInputError(CALL, problems);
}
