import type { ExecutionContext } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Ticket } from '../tickets/ticket.entity.js';

/** All that the library keeps of a call of a handler, between guard and handler. */
interface Admitted {
  readonly ticket: Ticket;
  /** Nest makes one for all guards of a call. */
  readonly context: ExecutionContext;
  readonly guard: Function;
  /** Of the transaction that stamps the ticket. */
  manager?: EntityManager;
  /** How many stamps have come inside of the one that has the claim; none has it yet without. */
  innerStamps?: number;
}

// In HTTP it hangs on the request, in one piece: a request calls one handler.
const ADMITTED = Symbol('ticket-office:admitted');
// Elsewhere one request may call many, at the same time: it goes by the call's arguments. Guards and interceptors are
// given the same list of them, decorators of parameters a copy, with what is the call's own in it.
const elsewhere = new WeakMap<object, Admitted>();

/** Of a GraphQL resolver its info, of a message its data: what comes last, and is an object. */
const ownArgument = (context: ExecutionContext): object | undefined =>
  context.getArgs<unknown[]>().findLast((arg) => typeof arg === 'object' && arg !== null);

const requestOf = (context: ExecutionContext) =>
  context.switchToHttp().getRequest<{ [ADMITTED]?: Admitted }>();

function admittedOf(context: ExecutionContext): Admitted | undefined {
  const admitted = context.getType() === 'http' ? requestOf(context)[ADMITTED] : admittedElsewhere(context);
  // Another handler's is none: Express may go on to the next, and messages without data share their socket.
  return admitted?.context.getHandler() === context.getHandler() ? admitted : undefined;
}

function admittedElsewhere(context: ExecutionContext): Admitted | undefined {
  const argument = ownArgument(context);
  return elsewhere.get(context.getArgs()) ?? (argument && elsewhere.get(argument));
}

/** Notes the ticket that a guard has admitted. */
export function admitInvitation(context: ExecutionContext, ticket: Ticket, guard: Function): void {
  const admitted = { ticket, context, guard };
  if (context.getType() === 'http') {
    requestOf(context)[ADMITTED] = admitted;
    return;
  }
  elsewhere.set(context.getArgs(), admitted);
  const argument = ownArgument(context);
  if (argument) elsewhere.set(argument, admitted);
}

/** Whether a guard of this class has admitted this very call before: it is bound to the controller and to the handler. */
export function isAdmittedBy(context: ExecutionContext, guard: Function): boolean {
  const admitted = admittedOf(context);
  return admitted?.context === context && admitted.guard === guard;
}

/** The admitted ticket; `undefined` where no guard has admitted one. */
export const invitationOf = (context: ExecutionContext): Ticket | undefined => admittedOf(context)?.ticket;

/** Notes the manager of the transaction that stamps the ticket, for the handler. */
export function shareTransaction(context: ExecutionContext, manager: EntityManager): void {
  const admitted = admittedOf(context);
  if (admitted) admitted.manager = manager;
}

/** The manager of the transaction that stamps this call's ticket; `undefined` where there is none. */
export const transactionOf = (context: ExecutionContext): EntityManager | undefined =>
  admittedOf(context)?.manager;

/** Notes that a stamp has the claim: others may come inside of it. */
export function expectInnerStamps(context: ExecutionContext): void {
  const admitted = admittedOf(context);
  if (admitted) admitted.innerStamps = 0;
}

/**
 * Whether the stamp that comes next is inside of the one that has the claim. They are counted, since who tries again
 * outside of all comes once more, too.
 *
 * @param bound how many stamps the handler has, by itself, by its controller, and by the whole app
 */
export function isInnerStamp(context: ExecutionContext, bound: number): boolean {
  const admitted = admittedOf(context);
  if (admitted?.innerStamps === undefined || admitted.innerStamps + 1 >= bound) return false;
  admitted.innerStamps += 1;
  return true;
}
