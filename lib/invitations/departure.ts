import type { Socket } from 'node:net';
import { type GuestRequest, nodeRequestOf } from './guest-request.js';

/** One for each connection, however many requests wait on it. */
const departures = new WeakMap<Socket, AbortSignal>();

/** A signal that is aborted when the guest's connection is gone: nobody waits for the answer any more. */
export function departureOf(request: GuestRequest): AbortSignal {
  // Not the response's end: of several requests in a row on one connection, Node.js tells only the first.
  const { socket } = nodeRequestOf(request);
  // What stands for a request outside of HTTP may have none.
  if (!socket) return new AbortController().signal;
  const known = departures.get(socket);
  if (known) return known;
  const departure = new AbortController();
  departures.set(socket, departure.signal);
  if (socket.destroyed) departure.abort();
  else socket.once('close', () => departure.abort());
  return departure.signal;
}
