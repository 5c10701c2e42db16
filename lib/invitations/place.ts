import { NAME_LENGTH } from '../tickets/ticket.table.js';
import { textProblem } from '../tickets/input/arguments.js';
import { TicketInputError } from '../tickets/ticket.errors.js';
import type { GuestRequest } from './guest-request.js';
import type { Requirement } from './requirement.js';

/** What a ticket opens. */
export interface Door {
  readonly place: string;
  readonly purpose: string;
}

/** A whole segment of a place that a parameter of the route fills. */
const PARAMETER = /(?<=^|\/):(\w+)(?=\/|$)/g;

/** The names of the parameters that a place is filled from. */
export const parametersIn = (place: string): string[] =>
  [...place.matchAll(PARAMETER)].map(([, name]) => name!);

/** @throws TicketInputError for what looks like a parameter and is none, such as `:id.pdf`: it would stand for itself */
export function assertParameters(place: string): void {
  const misspelt = place.split('/').find((part) => part.startsWith(':') && !/^:\w+$/.test(part));
  if (misspelt === undefined) return;
  throw new TicketInputError('@InvitationRequired()', [
    `place must have its parameters as whole segments of letters, digits and _, such as 'report/:id', not '${misspelt}'`,
  ]);
}

/**
 * The door that a request stands at: its place is filled from the route's parameters, each encoded as in a URL, so that
 * no value has a slash or a colon with which to imitate another place.
 *
 * @returns nothing for a place that no ticket can have, or that the request does not fill
 */
export function doorOf({ place: pattern, purpose }: Requirement, request: GuestRequest): Door | undefined {
  if (!pattern.includes(':')) return { place: pattern, purpose };
  const values = parametersIn(pattern).map((name) => request.params?.[name]);
  if (!values.every((value): value is string => typeof value === 'string' && value !== '')) return undefined;
  const place = pattern.replace(PARAMETER, () => encodeURIComponent(values.shift()!));
  return textProblem(place, NAME_LENGTH) === undefined ? { place, purpose } : undefined;
}
