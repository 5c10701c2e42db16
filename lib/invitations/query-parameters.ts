import { type GuestRequest, targetOf } from './guest-request.js';

/** The parameters of a query, decoded, or of one pair of it. The `?` is given: without, one is swallowed. */
export const parametersOf = (query: string): [string, string][] => [...new URLSearchParams(`?${query}`)];

/**
 * The parameters in a request's target, decoded, in their order: read from the target itself, so that Express's parsers
 * and Fastify's cannot differ on them.
 */
export const queryParametersOf = (request: GuestRequest): [string, string][] =>
  parametersOf(/\?([^#]*)/.exec(targetOf(request))?.[1] ?? '');
