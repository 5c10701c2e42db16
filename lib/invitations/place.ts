import type { ExecutionContext } from '@nestjs/common';
import { fillParameters, parametersIn } from '../tickets/definitions/place.parameters.js';
import { nameProblem } from '../tickets/input/arguments.js';
import type { Scope } from '../tickets/scope.js';
import type { GuestRequest } from './guest-request.js';
import { requirementOf } from './requirement.js';

/**
 * The place and purpose that a request needs a ticket for; the route's parameters fill the place.
 *
 * @returns nothing for a place that no ticket can have, or that the request does not fill
 */
export function requestedScope(
  { place: pattern, purpose }: Scope,
  request: Pick<GuestRequest, 'params'>,
): Scope | undefined {
  if (!pattern.includes(':')) return { place: pattern, purpose };
  const values = Object.fromEntries(parametersIn(pattern).map((name) => [name, request.params?.[name]]));
  if (!areFilled(values)) return undefined;
  const place = fillParameters(pattern, values);
  return nameProblem(place) === undefined ? { place, purpose } : undefined;
}

const areFilled = (values: Record<string, unknown>): values is Record<string, string> =>
  Object.values(values).every((value) => typeof value === 'string' && value !== '');

/** The same for a call of a handler; nothing where it requires no ticket. */
export function scopeOf(context: ExecutionContext, request: GuestRequest): Scope | undefined {
  const requirement = requirementOf(context);
  return requirement && requestedScope(requirement, request);
}
