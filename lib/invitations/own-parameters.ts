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
  hide(request, 'body', [TICKET_NAME]);
  if (!queryParametersOf(request).some(([name]) => isOwnParameter(name))) return;
  const node = nodeRequestOf(request);
  // Fastify reads `originalUrl` from Node's request; Express has its own, and parses `query` from `url` again.
  node.originalUrl ??= node.url;
  node.url = withoutParameters(node.url ?? '', isOwnParameter);
  hide(request, 'query', OWN);
}

/** In place, as the app may hold on to the object; of one that the app has frozen, a copy takes its place. */
function hide(request: GuestRequest, part: 'body' | 'query', names: readonly string[]): void {
  const fields = request[part];
  if (typeof fields !== 'object' || fields === null) return;
  if (names.every((name) => Reflect.deleteProperty(fields, name))) return;
  const others = Object.entries(fields).filter(([name]) => !names.includes(name));
  Reflect.defineProperty(request, part, { value: Object.fromEntries(others), writable: true });
}
