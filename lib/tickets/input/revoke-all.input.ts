import { TicketInputError } from '../ticket.errors.js';
import { FILTER_NAMES, FilterRules, type TicketFilter } from './filter.input.js';
import { type FilterArguments, type OwnFilters, readFilter } from './read-filter.js';

/**
 * @returns a copy
 * @throws TicketInputError with every problem of the input, also where it would be every ticket's
 */
export function readRevokeAllInput(own: OwnFilters, ...given: FilterArguments): TicketFilter {
  const filter = readFilter<TicketFilter>('revokeAll()', given, FilterRules, FILTER_NAMES, own);
  const fields = filter as Readonly<Record<string, unknown>>;
  if ([...FILTER_NAMES, ...own.filters].some((name) => fields[name] !== undefined)) return filter;
  throw new TicketInputError('revokeAll()', [
    'place, purpose or subject is missing: write at least one of them, since without any it would revoke every ticket',
  ]);
}
