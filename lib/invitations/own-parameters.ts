import { OWN_PARAMETERS } from '../tickets/credential.parameters.js';
import { type GuestRequest, nodeRequestOf } from './guest-request.js';
import { queryParametersOf, withoutParameters } from './request-target.js';

/** The parameter that names a ticket among those that the browser has passes for. It is no secret, and no credential. */
export const TICKET_NAME = OWN_PARAMETERS.ticket;
/** The parameter that the confirm page's button sends. */
export const CONFIRMATION = OWN_PARAMETERS.confirmation;

const OWN: readonly string[] = [TICKET_NAME, CONFIRMATION];

export const isOwnParameter = (name: string): boolean => OWN.includes(name);

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
