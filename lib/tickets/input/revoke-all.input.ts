import { TicketInputError } from '../ticket.errors.js';
import { assertFilter } from './arguments.js';
import { FILTER_NAMES, FilterRules, type TicketFilter } from './filter.input.js';

/** @throws TicketInputError with every problem of the input, also where it would be every ticket's */
export function assertRevokeAllInput(input: unknown): asserts input is TicketFilter {
  assertFilter('revokeAll()', input, FilterRules, FILTER_NAMES);
  const filter = input as TicketFilter;
  if (FILTER_NAMES.some((name) => filter[name] !== undefined)) return;
  throw new TicketInputError('revokeAll()', [
    'place, purpose or subject is missing: write at least one of them, since without any it would revoke every ticket',
  ]);
}
