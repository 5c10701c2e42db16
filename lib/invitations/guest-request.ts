import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Ticket } from '../tickets/ticket.entity.js';

/** What the library reads of a request: the part that Express and Fastify have in common. */
export interface GuestRequest {
  readonly method: string;
  /** The request target as the client sent it, mount points included. */
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
  /** `https` also behind a proxy that the app trusts (`trust proxy`, `trustProxy`). */
  readonly protocol: string;
  readonly body?: unknown;
  /** Node's request: on Fastify inside its own, on Express the request itself. */
  readonly raw?: IncomingMessage;
  readonly headersDistinct?: IncomingMessage['headersDistinct'];
  [INVITATION]?: Ticket;
  [TRANSACTION]?: EntityManager;
}

// All that the library keeps between guard and handler hangs here, on the request.
const INVITATION = Symbol('ticket-office:invitation');
const TRANSACTION = Symbol('ticket-office:transaction');

export const requestOf = (context: ExecutionContext): GuestRequest =>
  context.switchToHttp().getRequest<GuestRequest>();

export const admitInvitation = (request: GuestRequest, ticket: Ticket): void => {
  request[INVITATION] = ticket;
};

/** The admitted ticket; `undefined` where no guard has admitted one. */
export const invitationOf = (request: GuestRequest): Ticket | undefined => request[INVITATION];

export const shareTransaction = (request: GuestRequest, manager: EntityManager): void => {
  request[TRANSACTION] = manager;
};

/** The manager of the transaction that stamps this request's ticket; `undefined` where there is none. */
export const transactionOf = (request: GuestRequest): EntityManager | undefined => request[TRANSACTION];
