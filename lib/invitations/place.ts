import type { ExecutionContext } from '@nestjs/common';
import { nameProblem } from '../tickets/input/arguments.js';
import type { Scope } from '../tickets/scope.js';
import { TicketInputError } from '../tickets/ticket.errors.js';
import type { GuestRequest } from './guest-request.js';
import { requirementOf } from './requirement.js';

/** A whole segment of a place that a parameter of the route fills. */
const PARAMETER = /(?<=^|\/):(\w+)(?=\/|$)/g;

/** The names of the route's parameters that fill a place. */
export const parametersIn = (place: string): string[] =>
  [...place.matchAll(PARAMETER)].map(([, name]) => name!);

/** A place as an API description has it: `report/{id}` for `report/:id`. */
export const placeTemplate = (place: string): string => place.replace(PARAMETER, '{$1}');

/** @throws TicketInputError for a segment that only looks like a parameter, such as `:id.pdf`: nothing would fill it */
export function assertParameters(place: string): void {
  const misspelt = place.split('/').find((part) => part.startsWith(':') && !/^:\w+$/.test(part));
  if (misspelt === undefined) return;
  throw new TicketInputError('@InvitationRequired()', [
    `place must have its parameters as whole segments of letters, digits and _, such as 'report/:id', not '${misspelt}'`,
  ]);
}

/**
 * The place and purpose that a request needs a ticket for. The route's parameters fill the place, each encoded as in a
 * URL, so that no value can imitate another place by a slash or a colon.
 *
 * @returns nothing for a place that no ticket can have, or that the request does not fill
 */
export function requestedScope(
  { place: pattern, purpose }: Scope,
  request: Pick<GuestRequest, 'params'>,
): Scope | undefined {
  if (!pattern.includes(':')) return { place: pattern, purpose };
  const values = parametersIn(pattern).map((name) => request.params?.[name]);
  if (!values.every((value): value is string => typeof value === 'string' && value !== '')) return undefined;
  const place = pattern.replace(PARAMETER, () => encodeURIComponent(values.shift()!));
  return nameProblem(place) === undefined ? { place, purpose } : undefined;
}

/** The same for a call of a handler; nothing where it requires no ticket. */
export function scopeOf(context: ExecutionContext, request: GuestRequest): Scope | undefined {
  const requirement = requirementOf(context);
  return requirement && requestedScope(requirement, request);
}
