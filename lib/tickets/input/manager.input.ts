import type { EntityManager } from 'typeorm';
import { TicketInputError } from '../ticket.errors.js';
import { describe } from './rules.js';

/**
 * Whoever means to write in their own transaction is not to be left outside of it for a slip.
 *
 * @throws TicketInputError for what is no EntityManager
 */
export function assertManager(call: string, manager: unknown): asserts manager is EntityManager | undefined {
  // Not by its class: an app may have TypeORM twice, and some hand out stand-ins for the transaction at hand.
  const isManager = typeof (Object(manager) as Partial<EntityManager>).createQueryBuilder === 'function';
  if (manager === undefined || isManager) return;
  throw new TicketInputError(call, [
    `manager must be the EntityManager of your transaction, not ${describe(manager)}`,
  ]);
}
