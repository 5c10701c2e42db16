import type { ExecutionContext } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { calledBy } from '../called-method.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { transactionOf } from './invitation.context.js';
import { Sealed, sealedParameter } from './sealed-parameter.js';

/** Reads the manager of a call. */
export function managerFactory(_: unknown, context: ExecutionContext): Sealed<EntityManager> {
  const manager = transactionOf(context);
  if (manager) return new Sealed(manager);
  throw new TicketOfficeConfigurationError(
    `@InvitationManager() in ${calledBy(context)}: write @UseInterceptors(StampInTransaction) above the handler; where it is, a test has overridden it, and needs recordStamps({ manager }) of nestjs-ticketoffice/testing: docs/testing.md`,
  );
}

/**
 * Injects the EntityManager of the transaction that stamps the ticket: what the handler writes through it is committed
 * if the ticket is used up, and only then. For handlers with `@UseInterceptors(StampInTransaction)`.
 *
 * @throws TicketOfficeConfigurationError where there is no such transaction, and where a pipe of the app has put something
 * else in its place
 */
export const InvitationManager: () => ParameterDecorator = sealedParameter(
  '@InvitationManager()',
  managerFactory,
);
