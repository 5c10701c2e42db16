import { TicketError } from '../tickets/ticket.errors.js';
import type { GuestRequest } from './guest-request.js';

/** Another site made the guest's browser send an unsafe request. The pass is kept. */
export class CrossSiteError extends TicketError {
  override readonly code = 'TICKET_INVALID';

  constructor() {
    super('This request comes from another site, and was not carried out.');
  }
}

/** Whether a browser says that a page of another origin made it send the request; `undefined`: it does not say. */
export function saysForeign({ headers }: GuestRequest): boolean | undefined {
  const site = headers['sec-fetch-site'];
  return site === undefined ? undefined : site !== 'same-origin' && site !== 'none';
}

/** Methods that only read (RFC 9110, section 9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Whether a request that changes something comes from a page of another origin. Browsers say so in `Sec-Fetch-Site`
 * (Fetch Metadata); older ones, and all of them over plain http, in `Origin`. A client that sends neither is no browser,
 * and no page can have made it send the request.
 *
 * @param baseUrl an address of the app, besides the host that the request itself names
 */
export function isCrossSite(request: GuestRequest, baseUrl: string | undefined): boolean {
  if (SAFE.has(request.method)) return false;
  return saysForeign(request) ?? isForeign(request, request.headers.origin, baseUrl);
}

/**
 * Whether a script on a page of another origin asks to read the answer (CORS). Without Fetch Metadata, it is a GET that
 * names an `Origin`, as those of links and forms do not.
 *
 * @param baseUrl an address of the app, besides the host that the request itself names
 */
export function isForeignScript(request: GuestRequest, baseUrl: string | undefined): boolean {
  const { 'sec-fetch-mode': mode, origin } = request.headers;
  const isScript = mode === undefined ? SAFE.has(request.method) : mode === 'cors';
  return isScript && (saysForeign(request) ?? isForeign(request, origin, baseUrl));
}

/** Longest origin that is logged: a host has 253 characters at most, and what is longer is none. */
const LOGGED_CHARACTERS = 280;

/** What to log for a request from another site: the guest may well be on a page of the app's own. */
export function crossSiteAdvice(request: GuestRequest): string {
  const { origin } = request.headers;
  const seen = origin === undefined ? 'another origin' : `the origin ${quote(origin)}`;
  const advice =
    origin === 'null'
      ? "a page with Referrer-Policy: no-referrer, or in a sandbox, has no origin. If it is the app's, write Referrer-Policy: same-origin on it"
      : `if that is a page of the app's, serve it from the app's own origin, ${baseUrlAdvice(request)}or let its script send the credentials themselves, without a pass`;
  return `A request with a pass came from ${seen}, and was refused: ${advice}. See docs/passes-and-sites.md, "Other sites"`;
}

/** A browser that says itself that the page is foreign is believed, whatever baseUrl is. */
const baseUrlAdvice = (request: GuestRequest): string =>
  saysForeign(request) === undefined ? 'or write its origin into baseUrl, ' : '';

/** Anybody can write anything there. */
const quote = (text: string): string =>
  JSON.stringify(text.slice(0, LOGGED_CHARACTERS).replace(/[^\x21-\x7e]/g, '?'));

const isForeign = (request: GuestRequest, origin: string | undefined, baseUrl: string | undefined) =>
  origin !== undefined &&
  (baseUrl === undefined || origin !== new URL(baseUrl).origin) &&
  !isHost(request, origin);

// Ignores the scheme: behind a proxy that ends TLS, the app may not know that it is https. No page can forge the host.
const isHost = ({ headers, host }: GuestRequest, origin: string): boolean => {
  if (!URL.canParse(origin)) return false;
  const named = new URL(origin).host;
  return [headers.host, host].some((own) => own !== undefined && hostOf(origin, own) === named);
};

/** As a browser writes it: in lower case, without the scheme's default port. */
const hostOf = (origin: string, host: string): string | undefined => {
  const url = `${new URL(origin).protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
};
