import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';

/** A browser obeys one: the refusal's takes the place of that for the handler's own answer. */
export const REFERRER_POLICY = 'Referrer-Policy';

interface RefusalHeaders {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The headers of the last refusal that was thrown for each response. */
const lastThrown = new WeakMap<ServerResponse, RefusalHeaders>();

/**
 * Adds the headers of a refusal to a response once it is sent with the refusal's status, by whichever filter: an
 * interceptor of the app may recover from the refusal, and then none of its headers is sent. Keeps the headers that the
 * app has set.
 */
export function addRefusalHeaders(
  response: ServerResponse,
  status: number,
  headers: RefusalHeaders['headers'],
): void {
  if (!lastThrown.has(response)) onHeaders(response, () => addLastThrown(response));
  lastThrown.set(response, { status, headers });
}

function addLastThrown(response: ServerResponse): void {
  const { status, headers } = lastThrown.get(response)!;
  if (response.statusCode !== status) return;
  for (const [name, value] of Object.entries(headers)) {
    if (name === REFERRER_POLICY) response.setHeader(name, value);
    else response.appendHeader(name, value);
  }
}
