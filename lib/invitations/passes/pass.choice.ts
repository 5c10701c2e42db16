import { isOneOf } from '../../tickets/credential.parameters.js';
import { canonicalUuid } from '../../tickets/credentials.js';
import { bodyFields } from '../body-fields.js';
import type { GuestRequest } from '../guest-request.js';
import { TICKET_NAME } from '../own-parameters.js';
import { queryParametersOf } from '../request-target.js';
import type { Pass } from './pass.js';

/**
 * The pass that a request is to be admitted by: of the ticket that it names, otherwise the newest; `undefined` where it
 * names a ticket without a pass, names two, or one not by its uuid.
 *
 * @param passes of one browser for one scope, the newest first
 */
export function choosePass(request: GuestRequest, passes: readonly Pass[]): Pass | undefined {
  if (passes.length === 0) return undefined;
  const named = [
    ...queryParametersOf(request).filter(([name]) => isOneOf([TICKET_NAME], name)),
    ...bodyFields(request, [TICKET_NAME]),
  ];
  if (named.length === 0) return passes[0];
  // A form goes back to its page's address, which may name the ticket, too. What one parser has nested, and another has
  // left, names a ticket in a way that counts for nothing.
  const uuids = new Set(
    named.map(([name, value]) => (name === TICKET_NAME ? canonicalUuid(value) : undefined)),
  );
  const [uuid] = uuids;
  return uuids.size === 1 ? passes.find((pass) => pass.uuid === uuid) : undefined;
}
