import { canonicalUuid } from '../credentials.js';
import type { Scope } from '../scope.js';
import { TicketInputError } from '../ticket.errors.js';
import { NAME_LENGTH } from '../ticket.table.js';
import { describe, type Rules, validate } from './rules.js';

/** What is wrong with a text that is stored and compared byte for byte, and what to write; nothing when it is fine. */
export function textProblem(value: unknown, longest: number): string | undefined {
  const wanted = `must be a non-empty string of at most ${longest} characters`;
  if (typeof value !== 'string' || value === '') return `${wanted}, not ${describe(value)}`;
  if (value.length > longest) return `${wanted}; this one has ${value.length}`;
  return unicodeProblem(value, wanted);
}

/** The same for a text of any length. */
export const unicodeProblem = (text: string, wanted = 'must be a string'): string | undefined =>
  // PostgreSQL stores no NUL, and a lone surrogate has no UTF-8 form: neither would be read as it was written.
  text.isWellFormed() && !text.includes('\0') ? undefined : `${wanted}, in well-formed Unicode, without NUL`;

/** What is wrong with a place or a purpose, and what to write; nothing when it is fine. */
export const nameProblem = (value: unknown): string | undefined => textProblem(value, NAME_LENGTH);

/** @throws TicketInputError with every problem of the input */
export function assertInput(call: string, input: unknown, rules: Rules): void {
  const problems = validate(input, 'the input', rules);
  if (problems.length > 0) throw new TicketInputError(call, problems);
}

/** @throws TicketInputError when no ticket can have that `place` or `purpose` */
export function assertScope(call: string, { place, purpose }: Scope): void {
  const problems = Object.entries({ place, purpose }).flatMap(([name, value]) => {
    const problem = nameProblem(value);
    return problem === undefined ? [] : [`${name} ${problem}`];
  });
  if (problems.length > 0) throw new TicketInputError(call, problems);
}

/**
 * The canonical spelling of a uuid; `undefined` for a text that is no uuid, and so names no ticket.
 *
 * @throws TicketInputError for anything but a string
 */
export function readUuid(call: string, uuid: unknown): string | undefined {
  if (typeof uuid !== 'string')
    throw new TicketInputError(call, [`uuid must be a string, not ${describe(uuid)}`]);
  return canonicalUuid(uuid);
}
