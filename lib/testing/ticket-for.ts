import type { DataOf, TicketOf } from '../tickets/definitions/defined.types.js';
import { definedScope, scopeFieldProblems } from '../tickets/definitions/defined-scope.js';
import {
  type Argument,
  isDefinition,
  type NoDefinition,
  type PlaceOptions,
  type TicketDefinition,
} from '../tickets/definitions/ticket.definition.js';
import { canonicalUuid } from '../tickets/credentials.js';
import { assertInput, nameProblem } from '../tickets/input/arguments.js';
import { dataProblem } from '../tickets/input/data.rule.js';
import { dateProblem, filled, Optional, Rule } from '../tickets/input/rules.js';
import { subjectProblem, subjectText } from '../tickets/input/subject.rule.js';
import { uuidAt } from '../tickets/issuing/ticket.uuid.js';
import { Ticket } from '../tickets/ticket.entity.js';
import { TicketInputError } from '../tickets/ticket.errors.js';

/** What {@link ticketFor} takes: any part of a ticket. */
export interface TicketFields<T = unknown> {
  /** @default a new one, version 7 */
  readonly uuid?: string;
  /** @default 'place' */
  readonly place?: string;
  /** @default 'purpose' */
  readonly purpose?: string;
  /** @default null */
  readonly subject?: string | number | null;
  /** @default {} */
  readonly data?: T;
  /** @default the present */
  readonly createdAt?: Date;
  /** @default null: it never expires */
  readonly expiresAt?: Date | null;
  /** @default null: not used */
  readonly usedAt?: Date | null;
  /** @default null: not revoked */
  readonly revokedAt?: Date | null;
}

/** What {@link ticketFor} takes beside a definition: its data as the handler gets it. */
export type DefinedTicketFields<D extends TicketDefinition> = Omit<
  TicketFields<DataOf<D>>,
  'place' | 'purpose' | 'data'
> &
  (object extends DataOf<D> ? { readonly data?: DataOf<D> } : { readonly data: DataOf<D> }) &
  PlaceOptions<D>;

const orNull =
  (problem: (value: unknown) => string | undefined) =>
  (value: unknown): string | undefined => {
    const found = value === null ? undefined : problem(value);
    return found && `${found}, or null`;
  };

/** A uuid of version 7 has 48 bits for the instant at which it was made, in ms since 1970 (RFC 9562, section 5.7). */
const uuidTimeProblem = (date: Date): string | undefined =>
  date.getTime() >= 0 && date.getTime() < 2 ** 48 ? undefined : 'must be a valid Date from 1970 to 10889';

/** With the defaults. */
class TicketFieldsRules {
  @Optional()
  @Rule((value) =>
    canonicalUuid(value) === value ? undefined : 'must be a uuid in lower case, with hyphens',
  )
  uuid: string | undefined = undefined;

  @Rule(nameProblem)
  place: string = 'place';

  @Rule(nameProblem)
  purpose: string = 'purpose';

  @Rule(orNull(subjectProblem))
  subject: string | number | null = null;

  @Rule(dataProblem)
  data: unknown = {};

  @Optional()
  @Rule((value) => dateProblem(value) ?? uuidTimeProblem(value as Date))
  createdAt: Date | undefined = undefined;

  @Rule(orNull(dateProblem))
  expiresAt: Date | null = null;

  @Rule(orNull(dateProblem))
  usedAt: Date | null = null;

  @Rule(orNull(dateProblem))
  revokedAt: Date | null = null;
}

/**
 * Makes a ticket for a unit test, valid unless you say otherwise. It is in no database: pass it to a controller's method,
 * or have {@link admit} admit it. The rules of a definition's data are not asked: only its type is.
 *
 * @example
 * const ticket = ticketFor({ data: { firstName: 'Léonard' } });
 * expect(controller.visit(ticket)).toBe('Welcome to the Louvre museum Léonard');
 * ticketFor(LouvreVisit, { data: { firstName: 'Léonard' } });
 * @throws TicketInputError that names each field that no ticket can have
 */
export function ticketFor<D extends TicketDefinition>(
  definition: D,
  ...fields: Argument<DefinedTicketFields<D>>
): TicketOf<D>;
export function ticketFor<T = unknown>(fields?: TicketFields<T> & NoDefinition): Ticket<T>;
export function ticketFor(first: unknown = {}, second: unknown = {}): Ticket {
  const fields = isDefinition(first) ? definedFields(first, second) : first;
  assertInput('ticketFor()', fields, TicketFieldsRules);
  const { createdAt = new Date(), subject, ...given } = filled(TicketFieldsRules, fields as TicketFields);
  return Object.assign(new Ticket(), {
    ...given,
    uuid: given.uuid ?? uuidAt(createdAt),
    subject: subject === null ? null : subjectText(subject),
    createdAt,
  });
}

function definedFields(definition: TicketDefinition, given: unknown): TicketFields {
  const { params, ...fields } = Object(given) as TicketFields & { readonly params?: unknown };
  const problems = scopeFieldProblems(fields);
  if (problems.length > 0) throw new TicketInputError('ticketFor()', problems);
  return { ...fields, ...definedScope('ticketFor()', definition, params) };
}
