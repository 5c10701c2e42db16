import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ExecutionContext } from '@nestjs/common';
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
  /** Of the route, decoded. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
  /** The app's, by express-session or @fastify/session, if it has any. */
  readonly session?: unknown;
  /** Node's request: on Fastify inside its own, on Express the request itself. */
  readonly raw?: IncomingMessage;
  readonly rawHeaders?: IncomingMessage['rawHeaders'];
  /** Whoever is logged in, as Passport and others have it. */
  user?: unknown;
}

/** What the library reads, and once changes, of Node's own request. */
type NodeRequest = Pick<GuestRequest, 'rawHeaders'> &
  Partial<Pick<IncomingMessage, 'socket' | 'url'>> & { originalUrl?: string };

/** Node's own request. */
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
    `${context.getClass().name}.${context.getHandler().name} is no HTTP handler: give its @InvitationRequired() a getRequest that finds the request`,
  );
}

/** The request target as the client sent it; Node's own request, of a WebSocket say, has it as `url`. */
export const targetOf = (request: GuestRequest): string =>
  request.originalUrl ?? nodeRequestOf(request).url ?? '';

/** The HTTP response of a context; `undefined` in contexts of other kinds, where there is nothing to set a header on. */
export const responseOf = (context: ExecutionContext): unknown =>
  context.getType() === 'http' ? context.switchToHttp().getResponse() : undefined;

/** One for each connection, however many requests wait on it. */
const signals = new WeakMap<Socket, AbortSignal>();

/** A signal that is aborted when the guest's connection is gone: nobody waits for the answer any more. */
export function disconnectSignal(request: GuestRequest): AbortSignal {
  // Not the response's end: of several requests in a row on one connection, Node.js tells only the first.
  const { socket } = nodeRequestOf(request);
  // What stands for a request outside of HTTP may have none.
  if (!socket) return new AbortController().signal;
  const known = signals.get(socket);
  if (known) return known;
  const controller = new AbortController();
  signals.set(socket, controller.signal);
  if (socket.destroyed) controller.abort();
  else socket.once('close', () => controller.abort());
  return controller.signal;
}
