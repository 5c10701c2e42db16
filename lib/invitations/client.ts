import Negotiator from 'negotiator';
import { saysForeign } from './cross-site.js';
import type { GuestRequest } from './guest-request.js';

/** The media types that a client accepts, best first, without parameters: `;v=2` makes no other type. */
const acceptedBy = (request: GuestRequest): string[] =>
  new Negotiator(request).mediaTypes().map((type) => type.toLowerCase());

const HTML = ['text/html', 'text/*'];
const JSON_OR_ANY = ['application/json', 'application/*', '*/*'];

/** Whether this client prefers a page to JSON. */
export const prefersHtml = (request: GuestRequest): boolean =>
  HTML.includes(acceptedBy(request).find((type) => [...HTML, ...JSON_OR_ANY].includes(type)) ?? '');

/** In characters: browsers send less than a tenth of that. Whatever is longer is not read. */
const LONGEST_LIST_OF_LANGUAGES = 1000;

/**
 * The languages that a client asks for, best first; none where it says nothing, or writes a book.
 *
 * @param known the tags that `*` stands for, except those that the client refuses: `en;q=0, *`
 */
export function languagesAskedBy(request: GuestRequest, known: readonly string[]): string[] {
  const { length } = request.headers['accept-language'] ?? '';
  if (length === 0 || length > LONGEST_LIST_OF_LANGUAGES) return [];
  const negotiator = new Negotiator(request);
  const asked = negotiator.languages();
  if (!asked.includes('*')) return asked;
  const accepted = negotiator.languages([...known]);
  const first = known.find((tag) => accepted.includes(tag));
  return asked.flatMap((range) => (range === '*' ? (first ?? []) : range));
}

/** A script fetches for a program, not for a reader (`Sec-Fetch-Mode`, Fetch Metadata). */
const BY_SCRIPT = new Set(['cors', 'same-origin']);
/** The `User-Agent` of every browser begins like this, and that of many scanners. */
const BROWSER_NAME = /^Mozilla\//;

/**
 * Whether a browser asks for a page, or loads what a page shows; `false` for what a script of the app or any other
 * program fetches.
 */
export function isBrowser(request: GuestRequest): boolean {
  const accepted = acceptedBy(request);
  return accepted.includes('text/html') || !isProgram(request, accepted);
}

/** By Fetch Metadata, which browsers send on https and to localhost; otherwise by `User-Agent` and `Accept`. */
function isProgram(request: GuestRequest, accepted: readonly string[]): boolean {
  const { 'sec-fetch-mode': mode, 'user-agent': name = '' } = request.headers;
  if (typeof mode === 'string') return BY_SCRIPT.has(mode) && !saysForeign(request);
  return !BROWSER_NAME.test(name) || accepted.includes('application/json');
}

/** Whether a request must change nothing (RFC 9110, section 9.3). Both platforms route HEAD to the handler of GET. */
export const isInert = ({ method }: GuestRequest): boolean => method === 'HEAD' || method === 'OPTIONS';

/** `Sec-Purpose` (Fetch), what browsers sent before that standard, and what scripts send, which may set no `Sec-…`. */
const PURPOSES = ['sec-purpose', 'x-sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

/** Whether a browser loads in advance what its guest may never look at. */
export const isPrefetch = ({ headers }: GuestRequest): boolean =>
  PURPOSES.some((name) => headers[name] !== undefined && /prefetch|preview/i.test(String(headers[name])));
