import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';
import { addHeaders } from './answer-headers.js';

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
  addHeaders(
    {
      get: (name) => response.getHeader(name),
      set: (name, value) => response.setHeader(name, value),
      append: (name, value) => response.appendHeader(name, value),
    },
    headers,
  );
}
