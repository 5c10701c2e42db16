import type { ExecutionContext } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isSameMetadata } from '../called-method.js';
import type { Ticket } from '../tickets/ticket.entity.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { type Requirement, requirementOf } from './requirement.js';

/** What a call of a handler carries from the guard to the handler. */
interface Invitation {
  readonly ticket: Ticket;
  /** Nest makes one context for all guards of a call. */
  readonly context: ExecutionContext;
  readonly requirement: Requirement;
  readonly guard: Function;
  /** The manager of the transaction that stamps the ticket. */
  manager?: EntityManager;
}

// In HTTP it is a property of the request: a request calls one handler.
const INVITATION = Symbol('ticket-office:invitation');
// In other contexts one request may call many handlers at the same time, so the key is the call's arguments. Guards and
// interceptors get the same list of them; parameter decorators get a copy, with the call's own argument in it.
const elsewhere = new WeakMap<object, Invitation>();

/** The argument that is the call's own: the last object, such as a GraphQL resolver's info, or a message's data. */
const ownArgument = (context: ExecutionContext): object | undefined =>
  context.getArgs<unknown[]>().findLast((arg) => typeof arg === 'object' && arg !== null);

const httpRequestOf = (context: ExecutionContext) =>
  context.switchToHttp().getRequest<{ [INVITATION]?: Invitation }>();

function read(context: ExecutionContext): Invitation | undefined {
  const invitation =
    context.getType() === 'http' ? httpRequestOf(context)[INVITATION] : readElsewhere(context);
  // Another handler's does not count: Express may continue with the next one, and messages without data share a socket.
  // A handler is known by its requirement, not by its function: a tracing agent makes another function of it, perhaps
  // one for each request, and gives it the handler's metadata. Where two handlers have one requirement, each is guarded.
  return isSameMetadata(invitation?.requirement, requirementOf(context)) ? invitation : undefined;
}

function readElsewhere(context: ExecutionContext): Invitation | undefined {
  const argument = ownArgument(context);
  return elsewhere.get(context.getArgs()) ?? (argument && elsewhere.get(argument));
}

/** Keeps the ticket that a guard has admitted, for the handler. */
export function setInvitation(
  context: ExecutionContext,
  requirement: Requirement,
  ticket: Ticket,
  guard: Function,
): void {
  const invitation = { ticket, context, requirement, guard };
  if (context.getType() === 'http') {
    httpRequestOf(context)[INVITATION] = invitation;
    return;
  }
  elsewhere.set(context.getArgs(), invitation);
  const argument = ownArgument(context);
  if (argument) elsewhere.set(argument, invitation);
}

/** Whether a guard of this class has admitted this very call before: one may be bound to controller and handler. */
export function isAdmittedBy(context: ExecutionContext, guard: Function): boolean {
  const invitation = read(context);
  return invitation?.context === context && invitation.guard === guard;
}

/** The admitted ticket; `undefined` where no guard has admitted one. */
export const invitationOf = (context: ExecutionContext): Ticket | undefined => read(context)?.ticket;

/** Keeps the manager of the transaction that stamps the ticket, for the handler. */
export function setTransaction(context: ExecutionContext, manager: EntityManager): void {
  const invitation = read(context);
  if (invitation) invitation.manager = manager;
}

/** The manager of the transaction that stamps this call's ticket; `undefined` where there is none. */
export const transactionOf = (context: ExecutionContext): EntityManager | undefined => read(context)?.manager;

/** For what needs a ticket where no guard has admitted one: none is required, or a test has overridden the guard. */
export const nothingAdmitted = (what: string, context: ExecutionContext) =>
  new TicketOfficeConfigurationError(
    requirementOf(context)
      ? `${what}: InvitationGuard is overridden, so nothing has admitted a ticket. Override it by admit(ticket) of nestjs-ticketoffice/testing, or call the method with a ticket: docs/testing.md`
      : `${what}: write @InvitationRequired(place, purpose) above the handler`,
  );
