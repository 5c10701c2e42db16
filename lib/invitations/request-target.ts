import { LOCAL_PATH } from '../tickets/link.js';
import { type GuestRequest, targetOf } from './guest-request.js';

/** The decoded parameters of a query, or of one pair of it. With a `?`: URLSearchParams drops one that the query has. */
export const parametersOf = (query: string): [string, string][] => [...new URLSearchParams(`?${query}`)];

/** What is left of the `&` of HTML, `&amp;`, where a link has been through plain text; perhaps twice. */
const AMPERSAND = /&(?:amp(?:;|%3b))+/gi;

/** A query with the separators that it had before it went through mail. */
const repaired = (query: string): string => query.replace(AMPERSAND, '&');

/**
 * The parameters in a request's target, as they are spelled, in their order, the separators repaired: read from
 * the target itself, so that Express's parsers and Fastify's cannot differ on them.
 */
export const queryPairsOf = (request: GuestRequest): string[] =>
  repaired(queryOf(request))
    .split('&')
    .filter((pair) => pair !== '');

/** The parameters in a request's target, decoded. Most requests with a pass, or a header, have none. */
export function queryParametersOf(request: GuestRequest): [string, string][] {
  const query = queryOf(request);
  return query === '' ? [] : parametersOf(query);
}

const queryOf = (request: GuestRequest): string => /\?([^#]*)/.exec(targetOf(request))?.[1] ?? '';

/**
 * The name of a pair, to be compared with names of plain ASCII: its bytes are not decoded as UTF-8, so that a query of
 * thousands of pairs costs little.
 */
export function nameOf(pair: string): string {
  const end = pair.indexOf('=');
  const name = end < 0 ? pair : pair.slice(0, end);
  return name.includes('%')
    ? name.replace(/%([0-9a-f]{2})/gi, (_, byte: string) => String.fromCharCode(parseInt(byte, 16)))
    : name;
}

/**
 * Where the guest is redirected to once the pass is granted: the same address less some parameters, every other
 * one unchanged and in order. It is relative, such as `./louvre?page=2`, so that the browser stays where it is,
 * also where a proxy has taken a prefix off the path: it can leave neither the origin nor that prefix. It has no
 * fragment, so that the browser keeps its own.
 *
 * @returns `undefined` for a target that a browser could read as another host's: it must not be redirected to
 */
export function cleanLocation(target: string, isUnwanted: (name: string) => boolean): string | undefined {
  const [written, parameters] = splitTarget(target);
  const clean = withoutParameters(`${written}?${repaired(parameters)}`, isUnwanted);
  // No target has a blank: it ends one, and browsers take it off the end of an address, `.. ` for example.
  if (!LOCAL_PATH.test(clean) || clean.includes(' ')) return undefined;
  const [path, query] = splitTarget(clean);
  const segment = path.slice(path.lastIndexOf('/') + 1);
  // An address of a query alone keeps the whole path, which may be the prefix itself: `/museum` for `/`.
  if (NO_NAME.test(segment)) return `?${query}`;
  return query === '' ? `./${segment}` : `./${segment}?${query}`;
}

/** An empty segment, or one that leads to a folder above (`..`, however it is spelled). */
const NO_NAME = /^(?:\.|%2e){0,2}(?:#|$)/i;

/** Whether the path of a target stays on this origin. */
export const isLocal = (target: string): boolean => LOCAL_PATH.test(splitTarget(target)[0]);

/** A target without some of its parameters, all else unchanged and in order. */
export function withoutParameters(target: string, isUnwanted: (name: string) => boolean): string {
  const [path, query] = splitTarget(target);
  const kept = query.split('&').filter((pair) => !isUnwanted(nameOf(withoutFragment(pair))));
  return kept.length > 0 && query !== '' ? `${path}?${kept.join('&')}` : path;
}

function splitTarget(target: string): [path: string, query: string] {
  const [path = '', ...rest] = target.split('?');
  return [path, rest.join('?')];
}

// A fragment, which no browser sends, ends the query here as it does in the browser that is redirected.
const withoutFragment = (text: string): string => text.split('#', 1)[0]!;
