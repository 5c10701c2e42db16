import type { GuestRequest } from '../../lib/invitations/guest-request.js';

/** What a request can show credentials in. */
export interface ShownParts {
  readonly target?: string;
  /** Each `Authorization` header, as the text that Node makes of its bytes. */
  readonly authorization?: readonly string[];
  readonly body?: unknown;
}

/** As a small body declares it. */
const length = { 'content-length': '1000' };

/** A request as Express hands it over, as far as the library reads it. */
export function guestRequest({ target = '/louvre', authorization = [], body }: ShownParts): GuestRequest {
  const rawHeaders = authorization.flatMap((value) => ['Authorization', value]);
  const headers = { ...(authorization[0] !== undefined && { authorization: authorization[0] }), ...length };
  return { method: 'GET', protocol: 'http', originalUrl: target, headers, rawHeaders, body };
}
