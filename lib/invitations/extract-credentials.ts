import { isCredential } from '../tickets/credentials.js';
import { type GuestRequest, nodeRequestOf } from './guest-request.js';
import { queryParametersOf } from './request-target.js';
import type { Requirement } from './requirement.js';

/** The credentials that a request presents, not validated: {@link Admission} does that. */
export interface ExtractedCredentials {
  /** Empty: what was presented cannot be valid. */
  readonly credentials: { readonly uuid?: unknown; readonly password?: unknown };
  readonly from: 'query' | 'header' | 'body';
}

/** More parameters than any form has; as many as Express's query parsers read. */
const MOST_PARAMETERS = 1000;
const SCHEME = /^ticket(?:\s|$)/i;

/** The credentials that a request presents; `undefined` when it presents none, empty when it presents them twice. */
export function extractCredentials(
  request: GuestRequest,
  requirement: Requirement,
): ExtractedCredentials | undefined {
  const presented = [
    fromQuery(request),
    fromHeader(request),
    requirement.credentials.includes('body') ? fromBody(request) : undefined,
  ].filter((found) => found !== undefined);
  return presented.length > 1 ? { credentials: {}, from: presented[0]!.from } : presented[0];
}

const fromQuery = (request: GuestRequest): ExtractedCredentials | undefined =>
  fromFields(queryParametersOf(request), 'query');

const fromBody = ({ body }: GuestRequest): ExtractedCredentials | undefined =>
  typeof body === 'object' && body !== null ? fromFields(Object.entries(body), 'body') : undefined;

function fromFields(fields: [string, unknown][], from: 'query' | 'body'): ExtractedCredentials | undefined {
  const presented = fields.filter(([name]) => isCredential(name));
  if (presented.length === 0) return undefined;
  const isPair = presented.length === 2 && fields.length <= MOST_PARAMETERS;
  return { credentials: isPair ? Object.fromEntries(presented) : {}, from };
}

function fromHeader(request: GuestRequest): ExtractedCredentials | undefined {
  const presented = authorizationsOf(request).filter((value) => SCHEME.test(value));
  if (presented.length === 0) return undefined;
  return { credentials: presented.length === 1 ? pairIn(presented[0]!) : {}, from: 'header' };
}

/** Reads `Ticket <uuid>:<password>`; not with one regular expression, which would try every way to split the spaces. */
function pairIn(header: string): ExtractedCredentials['credentials'] {
  // Node decodes headers as latin1; what people type is UTF-8.
  const [, pair = ''] = /^ticket +(.*)$/is.exec(Buffer.from(header, 'latin1').toString('utf8')) ?? [];
  const colon = pair.indexOf(':');
  return colon < 0 ? {} : { uuid: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

/** Every `Authorization` header: Node's `headers` keeps the first, and drops the others. */
function authorizationsOf(request: GuestRequest): string[] {
  // Names and values in turn; HTTP/2 has no `headersDistinct`, and a request made in this process has neither.
  const { rawHeaders = [] } = nodeRequestOf(request);
  const sent = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === 'authorization',
  );
  return sent.length > 0 ? sent : [request.headers.authorization ?? []].flat();
}
