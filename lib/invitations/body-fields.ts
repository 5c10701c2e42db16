import { isOneOf } from '../tickets/credential.parameters.js';
import type { GuestRequest } from './guest-request.js';

/** In bytes: as long as a query can be. To list the fields of a larger body may take longer than to parse it. */
const SMALL = 16_384;

/**
 * The fields of a form or a JSON object that have one of these names. Looks at those fields alone, however many others
 * there are: anybody may send a body. In a small one it also finds the names that nest them.
 */
export function bodyFields(request: GuestRequest, names: readonly string[]): [string, unknown][] {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const found = isSmall(request)
    ? Object.keys(body).filter((name) => isOneOf(names, name))
    : names.filter((name) => Object.hasOwn(body, name));
  return found.map((name) => [name, body[name as keyof typeof body]]);
}

/** Whether a body is small by what its headers say; one that was compressed, or came in chunks, may not be. */
const isSmall = ({ headers }: GuestRequest): boolean =>
  headers['content-encoding'] === undefined && Number(headers['content-length'] ?? NaN) <= SMALL;
