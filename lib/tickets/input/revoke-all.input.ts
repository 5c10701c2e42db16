import { TicketInputError } from '../ticket.errors.js';
import { readFilter } from './arguments.js';
import { FILTER_NAMES, FilterRules, type TicketFilter } from './filter.input.js';

/**
 * @returns a copy
 * @throws TicketInputError with every problem of the input, also where it would be every ticket's
 */
export function readRevokeAllInput(input: TicketFilter): TicketFilter {
  const filter = readFilter('revokeAll()', input, FilterRules, FILTER_NAMES);
  if (FILTER_NAMES.some((name) => filter[name] !== undefined)) return filter;
  throw new TicketInputError('revokeAll()', [
    'place, purpose or subject is missing: write at least one of them, since without any it would revoke every ticket',
  ]);
}
