import type { ServerResponse } from 'node:http';

/** What Express and Fastify have in common: Node's response, on Fastify inside its own. */
type GuestResponse = ServerResponse & { readonly raw?: ServerResponse };

/** A signal that is aborted when the guest's connection is gone: nobody waits for the answer any more. */
export function departureOf(response: unknown): AbortSignal {
  const answer = (response as GuestResponse).raw ?? (response as GuestResponse);
  const departure = new AbortController();
  if (answer.closed) departure.abort();
  else answer.once('close', () => departure.abort());
  return departure.signal;
}
