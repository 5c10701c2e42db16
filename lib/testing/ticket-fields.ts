import { canonicalUuid } from '../tickets/credentials.js';
import type { DataOf } from '../tickets/definitions/defined.types.js';
import type { PlaceOptions, TicketDefinition } from '../tickets/definitions/ticket.definition.js';
import { nameProblem } from '../tickets/input/arguments.js';
import { dataProblem } from '../tickets/input/data.rule.js';
import { dateProblem, Optional, Rule } from '../tickets/input/rules.js';
import { subjectProblem } from '../tickets/input/subject.rule.js';
import type { OwnFields } from '../tickets/own-columns.types.js';
import type { Ticket } from '../tickets/ticket.entity.js';

/** What `ticketFor()` takes: any part of a ticket. */
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

/** What `ticketFor()` takes beside a definition: its data as the handler gets it. */
export type DefinedTicketFields<D extends TicketDefinition> = Omit<
  TicketFields<DataOf<D>>,
  'place' | 'purpose' | 'data'
> &
  (object extends DataOf<D> ? { readonly data?: DataOf<D> } : { readonly data: DataOf<D> }) &
  PlaceOptions<D>;

/** What `ticketFor()` takes besides, for a ticket of the app's own entity: the class, and its columns. */
export type EntityFields<C extends new () => Ticket> = OwnFields<InstanceType<C>> & {
  /** The class, as the module's `entity`. */
  readonly entity: C;
};

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
export class TicketFieldsRules {
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
