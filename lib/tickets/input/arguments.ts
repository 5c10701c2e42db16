import type { EntityManager } from 'typeorm';
import { describe } from './rules.js';
import { NAME_LENGTH } from '../ticket.table.js';
import { TicketInputError } from '../ticket.errors.js';
import { canonicalUuid } from '../credentials.js';

/** What is wrong with a text that is stored and compared byte for byte, and what to write; nothing when it is fine. */
export function textProblem(value: unknown, longest: number): string | undefined {
  const wanted = `must be a non-empty string of at most ${longest} characters`;
  if (typeof value !== 'string' || value === '') return `${wanted}, not ${describe(value)}`;
  if (value.length > longest) return `${wanted}; this one has ${value.length}`;
  // PostgreSQL stores no NUL, and a lone surrogate has no UTF-8 form: neither would come back as it went in.
  return value.isWellFormed() && !value.includes('\0')
    ? undefined
    : `${wanted}, in well-formed Unicode, without NUL`;
}

/** @throws TicketInputError when `place` or `purpose` cannot be one */
export function assertPlaceAndPurpose(call: string, place: unknown, purpose: unknown): void {
  const faults = Object.entries({ place, purpose }).flatMap(([name, value]) => {
    const problem = textProblem(value, NAME_LENGTH);
    return problem === undefined ? [] : [`${name} ${problem}`];
  });
  if (faults.length > 0) throw new TicketInputError(call, faults);
}

/** @throws TicketInputError for what is no string; `undefined`: a text that is no uuid names no ticket */
export function readUuid(call: string, uuid: unknown): string | undefined {
  if (typeof uuid !== 'string')
    throw new TicketInputError(call, [`uuid must be a string, not ${describe(uuid)}`]);
  return canonicalUuid(uuid);
}

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
