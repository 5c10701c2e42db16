import { isCredential } from '../tickets/credentials.js';
import { type GuestRequest, nodeRequestOf } from './guest-request.js';
import { queryParametersOf } from './query-parameters.js';
import type { Requirement } from './requirement.js';

/** What a request shows for credentials, as it stands there: {@link Admission} reads it. */
export interface ShownCredentials {
  /** Empty: something was shown that cannot be anybody's credentials. */
  readonly credentials: { readonly uuid?: unknown; readonly password?: unknown };
  readonly from: 'query' | 'header' | 'body';
}

/** More parameters than any form has; as many as Express's query parsers read. */
const MOST_PARAMETERS = 1000;
const SCHEME = /^ticket +([^:]*):(.*)$/is;

/** The credentials that a request shows; `undefined` when it shows none; wrong ones when it shows them twice. */
export function shownCredentials(
  request: GuestRequest,
  requirement: Requirement,
): ShownCredentials | undefined {
  const shown = [
    fromQuery(request),
    fromHeader(request),
    requirement.credentials.includes('body') ? fromBody(request) : undefined,
  ].filter((found) => found !== undefined);
  return shown.length > 1 ? { credentials: {}, from: shown[0]!.from } : shown[0];
}

const fromQuery = (request: GuestRequest): ShownCredentials | undefined =>
  fromFields(queryParametersOf(request), 'query');

const fromBody = ({ body }: GuestRequest): ShownCredentials | undefined =>
  typeof body === 'object' && body !== null ? fromFields(Object.entries(body), 'body') : undefined;

function fromFields(fields: [string, unknown][], from: 'query' | 'body'): ShownCredentials | undefined {
  const shown = fields.filter(([name]) => isCredential(name));
  if (shown.length === 0) return undefined;
  const isPair = shown.length === 2 && fields.length <= MOST_PARAMETERS;
  return { credentials: isPair ? Object.fromEntries(shown) : {}, from };
}

function fromHeader(request: GuestRequest): ShownCredentials | undefined {
  const shown = authorizationsOf(request).filter((value) => /^ticket(\s|$)/i.test(value));
  if (shown.length === 0) return undefined;
  // Node hands over the header's bytes as latin1; what people type is UTF-8.
  const [, uuid, password] = SCHEME.exec(Buffer.from(shown[0]!, 'latin1').toString('utf8')) ?? [];
  const isOne = shown.length === 1;
  return { credentials: isOne ? { uuid, password } : {}, from: 'header' };
}

/** Every `Authorization` header: of several, Node's `headers` keeps the first and drops the rest. */
const authorizationsOf = (request: GuestRequest): string[] =>
  nodeRequestOf(request).headersDistinct?.authorization ?? [request.headers.authorization ?? []].flat();
