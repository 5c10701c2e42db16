import { canonicalUuid } from '../credentials.js';
import { TicketInputError } from '../ticket.errors.js';
import { describe } from './rules.js';

/** @throws TicketInputError for what is no string; `undefined`: a text that is no uuid names no ticket */
export function readUuid(call: string, uuid: unknown): string | undefined {
  if (typeof uuid !== 'string')
    throw new TicketInputError(call, [`uuid must be a string, not ${describe(uuid)}`]);
  return canonicalUuid(uuid);
}
