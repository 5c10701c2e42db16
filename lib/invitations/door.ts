import { CredentialsError, TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { textComplaint } from '../tickets/text.rule.js';
import { NAME_LENGTH } from '../tickets/ticket.table.js';
import type { GuestRequest } from './guest-request.js';
import type { Requirement } from './requirement.js';

/** What a ticket opens. */
export interface Door {
  readonly place: string;
  readonly purpose: string;
}

/** A whole segment of a place that a parameter of the route fills. */
const PARAMETER = /(?<=^|\/):(\w+)(?=\/|$)/g;

/**
 * The door that a request stands at: its place is filled from the route's parameters, each encoded as in a URL, so that
 * no value has a slash or a colon with which to imitate another place.
 *
 * @throws CredentialsError for a place that no ticket can have
 * @throws TicketOfficeConfigurationError when the route has no such parameter
 */
export function doorOf({ place: pattern, purpose }: Requirement, request: GuestRequest): Door {
  if (!pattern.includes(':')) return { place: pattern, purpose };
  const place = pattern.replace(PARAMETER, (_, name: string) => {
    const value = request.params?.[name];
    if (typeof value !== 'string' || value === '') throw missingParameter(pattern, name);
    return encodeURIComponent(value);
  });
  if (textComplaint(place, NAME_LENGTH) !== undefined) throw new CredentialsError();
  return { place, purpose };
}

const missingParameter = (pattern: string, name: string) =>
  new TicketOfficeConfigurationError(
    `@InvitationRequired('${pattern}', …): this request has no parameter '${name}'. Write ':${name}' in the path of the route, too`,
  );
