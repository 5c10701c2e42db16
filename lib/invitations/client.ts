import Negotiator from 'negotiator';
import { saysForeign } from './cross-site.js';
import type { GuestRequest } from './guest-request.js';

/**
 * The types a client accepts, those it likes best first; of each no more than its name: `;v=2`, say, tells no other
 * type.
 */
const acceptedBy = (request: GuestRequest): string[] =>
  new Negotiator(request).mediaTypes().map((type) => type.toLowerCase());

const HTML = ['text/html', 'text/*'];
const JSON_OR_ANY = ['application/json', 'application/*', '*/*'];

/** Whether a page serves this client better than JSON. */
export const prefersHtml = (request: GuestRequest): boolean =>
  HTML.includes(acceptedBy(request).find((type) => [...HTML, ...JSON_OR_ANY].includes(type)) ?? '');

/** What a script fetches is for a program (`Sec-Fetch-Mode`, Fetch Metadata). */
const BY_SCRIPT = new Set(['cors', 'same-origin']);
/** So the `User-Agent` of every browser begins, and that of many a scanner. */
const BROWSER_NAME = /^Mozilla\//;

/**
 * Whether a browser asks for a page, or loads what a page shows; not so where a script of the app's own fetches, or any
 * other program does.
 */
export function isBrowser(request: GuestRequest): boolean {
  const accepted = acceptedBy(request);
  return accepted.includes('text/html') || !isProgram(request, accepted);
}

/** By Fetch Metadata where a browser sends that: on https, and on localhost. Else by its name, and what it asks for. */
function isProgram(request: GuestRequest, accepted: readonly string[]): boolean {
  const { 'sec-fetch-mode': mode, 'user-agent': name = '' } = request.headers;
  if (typeof mode === 'string') return BY_SCRIPT.has(mode) && !saysForeign(request);
  return !BROWSER_NAME.test(name) || accepted.includes('application/json');
}

/** Requests that only look (RFC 9110, section 9.3): Express and Fastify route HEAD to the handler of GET. */
export const isInert = ({ method }: GuestRequest): boolean => method === 'HEAD' || method === 'OPTIONS';

/** `Sec-Purpose` (Fetch), and what browsers sent before it was agreed on. */
const PURPOSES = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

/** Whether a browser loads what its guest may never look at. */
export const isPrefetch = ({ headers }: GuestRequest): boolean =>
  PURPOSES.some((name) => headers[name] !== undefined && /prefetch|preview/i.test(String(headers[name])));
