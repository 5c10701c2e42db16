import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';

interface LateHeaders {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The headers of the last refusal that was thrown for each response. */
const late = new WeakMap<ServerResponse, LateHeaders>();

/**
 * Adds headers to a response, should it be sent with this status, by whichever filter: an interceptor of the app may
 * recover from a refusal, and then sends none of its headers. Keeps the headers that the app has set.
 */
export function addHeadersTo(
  response: ServerResponse,
  status: number,
  headers: LateHeaders['headers'],
): void {
  if (!late.has(response)) onHeaders(response, () => sendLate(response));
  late.set(response, { status, headers });
}

function sendLate(response: ServerResponse): void {
  const { status, headers } = late.get(response)!;
  if (response.statusCode !== status) return;
  for (const [name, value] of Object.entries(headers)) response.appendHeader(name, value);
}
