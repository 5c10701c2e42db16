import { isCredential } from '../tickets/credentials.js';
import { LOCAL_PATH } from '../tickets/link.js';
import { type GuestRequest, targetOf } from './guest-request.js';

/** The decoded parameters of a query, or of one pair of it. With a `?`: URLSearchParams drops one that the query has. */
export const parametersOf = (query: string): [string, string][] => [...new URLSearchParams(`?${query}`)];

/**
 * The parameters in a request's target, decoded, in their order: read from the target itself, so that Express's parsers
 * and Fastify's cannot differ on them.
 */
export const queryParametersOf = (request: GuestRequest): [string, string][] =>
  parametersOf(/\?([^#]*)/.exec(targetOf(request))?.[1] ?? '');

/**
 * Where the guest is redirected to once the pass is granted: the same target without the credentials, every other
 * parameter unchanged and in order.
 *
 * @returns `undefined` for a target that a browser could read as another host's: it must not be redirected to
 */
export const cleanUrl = (target: string): string | undefined =>
  localTarget(withoutParameters(target, isCredential));

/** The path of a target that stays on this origin; `undefined` for any other. */
export const localPath = (target: string): string | undefined => localTarget(splitTarget(target)[0]);

const localTarget = (target: string): string | undefined => (LOCAL_PATH.test(target) ? target : undefined);

/** A target without some of its parameters, all else unchanged and in order. */
export function withoutParameters(target: string, isUnwanted: (name: string) => boolean): string {
  const [path, query] = splitTarget(target);
  const kept = query.split('&').filter((pair) => !isUnwanted(nameOf(pair)));
  return kept.length > 0 && query !== '' ? `${path}?${kept.join('&')}` : path;
}

function splitTarget(target: string): [path: string, query: string] {
  const [path = '', ...rest] = target.split('?');
  return [path, rest.join('?')];
}

// A fragment, which no browser sends, ends the query here as it does in the browser that is redirected.
const nameOf = (pair: string): string => parametersOf(pair.replace(/#.*/s, ''))[0]?.[0] ?? '';
