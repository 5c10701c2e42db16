import { types } from 'node:util';
import { describe } from '../tickets/input/rules.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';

const ADVICE =
  'pass what SwaggerModule.createDocument() has returned; in a factory for SwaggerModule.setup(), write ' +
  '() => documentTickets(app, SwaggerModule.createDocument(app, config))';

/** @throws TicketOfficeConfigurationError for what is no document, such as a function that makes one */
export function assertDocument(document: unknown): void {
  if (isObject(document) && isObject((document as { paths?: unknown }).paths)) return;
  throw new TicketOfficeConfigurationError(
    `documentTickets() adds tickets to an OpenAPI document, not to ${kindOf(document)}: ${ADVICE}`,
  );
}

/** @throws TicketOfficeConfigurationError for a document that cannot be changed in place */
export function assertExtensible(parts: readonly object[]): void {
  if (parts.every(Object.isExtensible)) return;
  throw new TicketOfficeConfigurationError(
    'documentTickets() changes the document in place, and this one is frozen: pass a copy, structuredClone(document)',
  );
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (types.isPromise(value)) return 'a promise';
  return isObject(value) ? 'an object without paths' : describe(value);
}
