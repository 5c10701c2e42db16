import Negotiator from 'negotiator';
import { saysCrossSite } from './cross-site.js';
import type { GuestRequest } from './guest-request.js';

/** Whether a page serves this client better than JSON. */
export const prefersHtml = (request: GuestRequest): boolean =>
  new Negotiator(request).mediaType(['application/json', 'text/html']) === 'text/html';

/** What a script fetches is for a program (`Sec-Fetch-Mode`, Fetch Metadata). */
const BY_SCRIPT = new Set(['cors', 'same-origin']);

/**
 * Whether a browser asks for a page, or loads what a page shows: by `Accept`, which names HTML in every navigation, or
 * by `Sec-Fetch-Mode`. A script of the app's own that fetches is a program; one of another origin is not the app's.
 */
export function isBrowser(request: GuestRequest): boolean {
  const mode = request.headers['sec-fetch-mode'];
  if (typeof mode === 'string' && !BY_SCRIPT.has(mode)) return true;
  if (saysCrossSite(request)) return true;
  return new Negotiator(request).mediaTypes().some((type) => type.toLowerCase() === 'text/html');
}
