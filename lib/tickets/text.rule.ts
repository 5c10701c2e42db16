import { describe } from './input/rules.js';
import { NAME_LENGTH } from './table/ticket.table.js';
import { TicketInputError } from './ticket.errors.js';

/** What is wrong with a text that is stored and compared byte for byte, and what to write; nothing when it is fine. */
export function textComplaint(value: unknown, longest: number): string | undefined {
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
    const complaint = textComplaint(value, NAME_LENGTH);
    return complaint === undefined ? [] : [`${name} ${complaint}`];
  });
  if (faults.length > 0) throw new TicketInputError(call, faults);
}
