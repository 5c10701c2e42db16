import type { CleanInput } from '../input/clean.input.js';
import type { CountInput } from '../input/count.input.js';
import type { TicketFilter } from '../input/filter.input.js';
import type { IssueInput } from '../input/issue.input.js';
import type { ListInput } from '../input/list.input.js';
import type { Ticket } from '../ticket.entity.js';
import type { StandardSchema } from './standard-schema.js';
import type { DataRules, PlaceOptions, TicketDefinition } from './ticket.definition.js';

/** The rules of a definition's data; `never` where it has none. */
type RulesOf<D extends TicketDefinition> =
  D extends TicketDefinition<string, string, infer Rules> ? Rules : never;

type InputOf<Rules extends DataRules> =
  Rules extends StandardSchema<infer Input, unknown>
    ? Input
    : Rules extends new () => infer Fields
      ? Fields
      : never;

type OutputOf<Rules extends DataRules> =
  Rules extends StandardSchema<unknown, infer Output>
    ? Output
    : Rules extends new () => infer Fields
      ? Fields
      : never;

/** The `data` of a definition's tickets: what its schema makes, or the fields of its class. It is never `undefined`. */
export type DataOf<D extends TicketDefinition> = [RulesOf<D>] extends [never]
  ? unknown
  : Exclude<OutputOf<RulesOf<D>>, undefined>;

/**
 * The tickets of a definition.
 *
 * @example
 * visit(@Invitation() ticket: TicketOf<typeof LouvreVisit>) {}
 */
export type TicketOf<D extends TicketDefinition> = Ticket<DataOf<D>>;

type DataField<Rules extends DataRules> = [Rules] extends [never]
  ? { readonly data?: unknown }
  : object extends InputOf<Rules>
    ? { readonly data?: InputOf<Rules> }
    : undefined extends InputOf<Rules>
      ? DataThatMayBeMissing<Rules>
      : { readonly data: InputOf<Rules> };

/** It may only where the schema makes something of nothing. */
type DataThatMayBeMissing<Rules extends DataRules> =
  undefined extends OutputOf<Rules>
    ? { readonly data: Exclude<InputOf<Rules>, undefined> }
    : { readonly data?: InputOf<Rules> };

/** What {@link TicketService.issue} takes beside a definition, whose own fields are the defaults of these. */
export type DefinedIssueInput<D extends TicketDefinition> = Omit<IssueInput, 'place' | 'purpose' | 'data'> &
  DataField<RulesOf<D>> &
  PlaceOptions<D>;

/** What {@link TicketService.revokeAll} takes beside a definition. */
export type DefinedFilter<D extends TicketDefinition> = Omit<TicketFilter, ScopeName> & PlaceOptions<D>;
/** What {@link TicketService.count} takes beside a definition. */
export type DefinedCountInput<D extends TicketDefinition> = Omit<CountInput, ScopeName> & PlaceOptions<D>;
/** What {@link TicketService.list} takes beside a definition. */
export type DefinedListInput<D extends TicketDefinition> = Omit<ListInput, ScopeName> & PlaceOptions<D>;
/** What {@link TicketService.clean} takes beside a definition. */
export type DefinedCleanInput<D extends TicketDefinition> = Omit<CleanInput, ScopeName> & PlaceOptions<D>;

type ScopeName = 'place' | 'purpose';
