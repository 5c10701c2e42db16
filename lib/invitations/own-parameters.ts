import { isOneOf, OWN_PARAMETERS } from '../tickets/credential.parameters.js';
import { canonicalUuid } from '../tickets/credentials.js';
import { bodyFields } from './body-fields.js';
import { type GuestRequest, nodeRequestOf } from './guest-request.js';
import type { Pass } from './passes/pass.js';
import { queryParametersOf, withoutParameters } from './request-target.js';

/** The parameter that names a ticket among those that the browser has passes for. It is no secret, and no credential. */
export const TICKET_NAME = OWN_PARAMETERS.ticket;
/** The parameter that the confirm page's button sends. */
export const CONFIRMATION = OWN_PARAMETERS.confirmation;

const OWN: readonly string[] = [TICKET_NAME, CONFIRMATION];

export const isOwnParameter = (name: string): boolean => OWN.includes(name);

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

/** Removes these parameters from what the handler reads: an app with strict validation would reject them. */
export function hideOwnParameters(request: GuestRequest): void {
  const { body, query } = request;
  if (typeof body === 'object' && body !== null) Reflect.deleteProperty(body, TICKET_NAME);
  if (!queryParametersOf(request).some(([name]) => isOwnParameter(name))) return;
  const node = nodeRequestOf(request);
  // Fastify reads `originalUrl` from Node's request; Express has its own, and parses `query` from `url` again.
  node.originalUrl ??= node.url;
  node.url = withoutParameters(node.url ?? '', isOwnParameter);
  for (const name of OWN) delete query?.[name];
}
