import { canonicalUuid } from '../../tickets/credentials.js';
import type { Scope } from '../../tickets/scope.js';
import { type ImportedTicket, importProblem } from '../../tickets/issuing/ticket.importer.js';
import type { FormerRow } from './former-tickets.js';
import type { LocalTime } from './local-time.js';

/** A ticket that can be taken, or why it cannot. */
export type Reading = { readonly ticket: ImportedTicket } | { readonly problem: string };

/** @param blank in place of an empty place or purpose, which django-ticketoffice allows */
export function readFormer(row: FormerRow, time: LocalTime, blank: Partial<Scope>): Reading {
  const instants = { created: row.created, expiry: row.expiry, usage: row.usage };
  const read = Object.entries(instants).map(([name, text]) => [name, text && time.read(text)] as const);
  const unreadable = read.find(([, instant]) => instant === undefined || instant === '');
  if (unreadable) return { problem: `${unreadable[0]}_datetime is no date and time` };
  const { created, expiry, usage } = Object.fromEntries(read) as Record<keyof typeof instants, Date | null>;
  const data = dataOf(row.data);
  if (data === undefined) return { problem: 'data is no JSON that keeps its value in JavaScript' };
  const ticket: ImportedTicket = {
    uuid: canonicalUuid(row.uuid) ?? row.uuid,
    place: row.place || (blank.place ?? ''),
    purpose: row.purpose || (blank.purpose ?? ''),
    data,
    createdAt: created!,
    expiresAt: expiry,
    usedAt: usage,
  };
  const problem = importProblem(ticket);
  if (problem === undefined) return { ticket };
  const isBlank = row.place === '' || row.purpose === '';
  return { problem: isBlank ? `${problem}: write --place and --purpose for those without` : problem };
}

/** `undefined` for what is no JSON, and for whole numbers that JavaScript would round. */
function dataOf(text: string | null): unknown {
  try {
    const data: unknown = JSON.parse(text ?? '{}', (_, value: unknown) => {
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError('rounded');
      return value;
    });
    return data ?? {};
  } catch {
    return undefined;
  }
}
