import { isDate } from 'node:util/types';

/** What is wrong with an instant, and what to write; nothing when it is fine. */
export const dateComplaint = (value: unknown): string | undefined =>
  isDate(value) && Number.isFinite(value.getTime()) ? undefined : 'must be a valid Date';
