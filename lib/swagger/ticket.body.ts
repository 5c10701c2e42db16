import type { Operation, RequestBody, Schema } from './openapi.types.js';
import { CREDENTIALS } from './ticket.components.js';

/** What is read for credentials. */
const READ = ['application/json', 'application/x-www-form-urlencoded'];
/** The methods whose requests have a body, whether the handler reads it or not. */
const WITH_BODY = new Set(['post', 'put', 'patch']);

/**
 * A body that may have the credentials, too. Schemas of the app stay as they are, whether named or not: both hold
 * (`allOf`).
 */
export function bodyWithCredentials(own: Operation['requestBody'], method: string): Operation['requestBody'] {
  if (own && '$ref' in own) return own;
  if (own) return { ...own, content: withCredentials(own.content) };
  if (!WITH_BODY.has(method)) return undefined;
  return { content: Object.fromEntries(READ.map((type) => [type, { schema: CREDENTIALS }])) };
}

const withCredentials = (content: RequestBody['content']): RequestBody['content'] =>
  Object.fromEntries(
    Object.entries(content).map(([type, { schema, ...media }]) => [
      type,
      { ...media, schema: READ.includes(type) ? both(schema) : schema },
    ]),
  );

function both(own: Schema | undefined): Schema {
  if (!own) return CREDENTIALS;
  const parts = [own, ...('allOf' in own ? own.allOf! : [])];
  const has = parts.some((part) => '$ref' in part && part.$ref === CREDENTIALS.$ref);
  return has ? own : { allOf: [own, CREDENTIALS] };
}
