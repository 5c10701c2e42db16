import { type CredentialParameters, isCredential } from '../tickets/credential.parameters.js';
import { bodyFields } from './body-fields.js';
import { type GuestRequest, nodeRequestOf } from './guest-request.js';
import { nameOf, parametersOf, queryPairsOf } from './request-target.js';
import type { Requirement } from './requirement.js';

/** The credentials that a request presents, not validated: {@link Admission} does that. */
export interface ExtractedCredentials {
  /** Empty: what was presented cannot be valid. */
  readonly credentials: { readonly uuid?: unknown; readonly password?: unknown };
  readonly from: 'query' | 'header' | 'body';
  /** Only one of the two parameters is there, once: beside a good pass it is the app's own. */
  readonly isHalf?: boolean;
}

/** More parameters than any query has; as many as Express's parsers read. */
const MOST_PARAMETERS = 1000;
const SCHEME = /^ticket(?:\s|$)/i;

/** The credentials that a request presents; `undefined` when it presents none, empty when it presents them twice. */
export function extractCredentials(
  request: GuestRequest,
  requirement: Requirement,
  names: CredentialParameters,
): ExtractedCredentials | undefined {
  const presented = [
    fromQuery(request, names),
    fromHeader(request),
    requirement.credentials.includes('body') ? fromBody(request, names) : undefined,
  ].filter((found) => found !== undefined);
  return presented.length > 1 ? { credentials: {}, from: presented[0]!.from } : presented[0];
}

/** Decodes what has the name of a credential, and nothing else. */
function fromQuery(request: GuestRequest, names: CredentialParameters): ExtractedCredentials | undefined {
  const pairs = queryPairsOf(request);
  const presented = pairs.filter((pair) => isCredential(nameOf(pair), names));
  if (presented.length === 0) return undefined;
  if (presented.length > 2 || pairs.length > MOST_PARAMETERS) return { credentials: {}, from: 'query' };
  return fromFields(presented.flatMap(parametersOf), 'query', names);
}

function fromBody(request: GuestRequest, names: CredentialParameters): ExtractedCredentials | undefined {
  const fields = bodyFields(request, [names.uuid, names.password]);
  return fields.length === 0 ? undefined : fromFields(fields, 'body', names);
}

/** @param fields those that have the name of a credential, correctly spelled or not */
function fromFields(
  fields: readonly [name: string, value: unknown][],
  from: 'query' | 'body',
  names: CredentialParameters,
): ExtractedCredentials {
  const { [names.uuid]: uuid, [names.password]: password } = Object.fromEntries(fields);
  if (fields.length > 1) return { credentials: fields.length > 2 ? {} : { uuid, password }, from };
  // An object is what a parser has made of a field that is nested, or there twice.
  const isHalf = [uuid, password].some((value) => value !== undefined && typeof value !== 'object');
  return { credentials: {}, from, isHalf };
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
