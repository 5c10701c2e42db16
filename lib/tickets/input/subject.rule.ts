import { SUBJECT_LENGTH } from '../ticket.table.js';
import { textProblem } from './arguments.js';

/** What is wrong with a subject, and what to write; nothing when it is fine. */
export function subjectProblem(subject: unknown): string | undefined {
  if (typeof subject !== 'number') return textProblem(subject, SUBJECT_LENGTH);
  // Beyond these, several numbers have one text; a fraction is no key of a row.
  return Number.isSafeInteger(subject)
    ? undefined
    : 'must be a whole number that JavaScript holds exactly (at most 2^53 - 1): write others as a string';
}

/** A subject as it is stored and compared: 42 and '42' are one. */
export const subjectText = (subject: string | number): string => String(subject);
