import { canonicalUuid } from '../tickets/credentials.js';
import { assertInput, nameProblem } from '../tickets/input/arguments.js';
import { dataProblem } from '../tickets/input/data.rule.js';
import { dateProblem, filled, Optional, Rule } from '../tickets/input/rules.js';
import { subjectProblem, subjectText } from '../tickets/input/subject.rule.js';
import { uuidAt } from '../tickets/issuing/ticket.uuid.js';
import { Ticket } from '../tickets/ticket.entity.js';

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

const orNull =
  (problem: (value: unknown) => string | undefined) =>
  (value: unknown): string | undefined => {
    const found = value === null ? undefined : problem(value);
    return found && `${found}, or null`;
  };

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
  @Rule(dateProblem)
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
 * or have {@link admit} admit it.
 *
 * @example
 * const ticket = ticketFor({ data: { firstName: 'Léonard' } });
 * expect(controller.visit(ticket)).toBe('Welcome to the Louvre museum Léonard');
 * @throws TicketInputError that names each field that no ticket can have
 */
export function ticketFor<T = unknown>(fields: TicketFields<T> = {}): Ticket<T> {
  assertInput('ticketFor()', fields, TicketFieldsRules);
  const { createdAt = new Date(), subject, ...given } = filled(TicketFieldsRules, fields);
  const { uuid = uuidAt(createdAt) } = given;
  return Object.assign(new Ticket<T>(), {
    ...given,
    uuid,
    subject: subject === null ? null : subjectText(subject),
    data: given.data as T,
    createdAt,
  });
}
