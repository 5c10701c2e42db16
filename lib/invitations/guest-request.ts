import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ExecutionContext } from '@nestjs/common';
import { calledBy } from '../called-method.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { requirementOf } from './requirement.js';

/** What the library reads of a request: the part that Express and Fastify have in common. */
export interface GuestRequest {
  readonly method: string;
  /** The request target as the client sent it, mount points included. */
  readonly originalUrl?: string;
  readonly headers: IncomingHttpHeaders;
  /** `https` also behind a proxy that the app trusts (`trust proxy`, `trustProxy`). */
  readonly protocol: string;
  /** With the port; also behind a proxy that the app trusts. */
  readonly host?: string;
  /** The route's parameters, decoded. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
  /** The app's session, by express-session or @fastify/session, if it has any. */
  readonly session?: unknown;
  /** Node's request, which Fastify wraps; on Express, the request is Node's. */
  readonly raw?: IncomingMessage;
  readonly rawHeaders?: IncomingMessage['rawHeaders'];
  /** The user who is logged in, set by Passport for example. */
  user?: unknown;
}

/** What the library reads of Node's own request, and in one place changes. */
type NodeRequest = Pick<GuestRequest, 'rawHeaders'> &
  Partial<Pick<IncomingMessage, 'socket' | 'url'>> & { originalUrl?: string };

export const nodeRequestOf = (request: GuestRequest): NodeRequest => request.raw ?? request;

/** The HTTP request of a context; in contexts of other kinds what the requirement's `getRequest` finds, if anything. */
export function findRequest(context: ExecutionContext): GuestRequest | undefined {
  if (context.getType() === 'http') return context.switchToHttp().getRequest<GuestRequest>();
  const found = requirementOf(context)?.getRequest?.(context) as GuestRequest | null | undefined;
  return found?.headers && typeof found.headers === 'object' ? found : undefined;
}

/** @throws TicketOfficeConfigurationError in a context that has no HTTP request */
export function requestOf(context: ExecutionContext): GuestRequest {
  const request = findRequest(context);
  if (request) return request;
  throw new TicketOfficeConfigurationError(
    `${calledBy(context)} is no HTTP handler: give its @InvitationRequired() a getRequest that finds the request`,
  );
}

/** The request target as the client sent it; Node's own request, such as a WebSocket's, has it as `url`. */
export const targetOf = (request: GuestRequest): string =>
  request.originalUrl ?? nodeRequestOf(request).url ?? '';

/** The HTTP response of a context; `undefined` in contexts of other kinds, where there is nothing to set a header on. */
export const responseOf = (context: ExecutionContext): unknown =>
  context.getType() === 'http' ? context.switchToHttp().getResponse() : undefined;

/** Node's response, which Fastify wraps; on Express, the response is Node's. */
export const nodeResponseOf = (response: unknown): ServerResponse =>
  (response as { readonly raw?: ServerResponse }).raw ?? (response as ServerResponse);

/** One signal for each connection, however many requests wait on it. */
const signals = new WeakMap<Socket, AbortSignal>();

/**
 * A signal that is aborted when the guest's connection is gone: nobody waits for the answer any more. Remove your
 * listeners from it: it lasts as long as the connection.
 */
export function disconnectSignal(request: GuestRequest): AbortSignal {
  // Not the response's `close` event: of pipelined requests on one connection, only the first response emits it.
  const { socket } = nodeRequestOf(request);
  // What stands for a request outside HTTP may have none.
  if (!socket) return new AbortController().signal;
  const known = signals.get(socket);
  if (known) return known;
  const controller = new AbortController();
  // Many requests may wait on one connection. Node.js would take their listeners for a leak, and any stranger could
  // make it warn.
  setMaxListeners(0, controller.signal);
  signals.set(socket, controller.signal);
  if (socket.destroyed) controller.abort();
  else socket.once('close', () => controller.abort());
  return controller.signal;
}
