import { type CredentialParameters, OWN_PARAMETERS } from '../tickets/credential.parameters.js';
import type { Parameter, Schema } from './openapi.types.js';

export const uuidSchema: Schema = { type: 'string', format: 'uuid' };
export const passwordSchema: Schema = { type: 'string', format: 'password' };

/**
 * What a request may name its ticket by; and the parameters of its path, which fill the place: @nestjs/swagger describes
 * those alone that the handler reads.
 */
export function ticketParameters(path: string, names: CredentialParameters, hasPasses: boolean): Parameter[] {
  const inItsPath = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => inPath(name!));
  const credentials = [
    inQuery(names.uuid, uuidSchema, 'The uuid of a ticket, beside its password: as in its link.'),
    inQuery(names.password, passwordSchema, 'The password or the code of that ticket.'),
  ];
  const chosen = inQuery(
    OWN_PARAMETERS.ticket,
    uuidSchema,
    'The uuid of one of the tickets that the browser has a pass for.',
  );
  return [...inItsPath, ...credentials, ...(hasPasses ? [chosen] : [])];
}

const inPath = (name: string): Parameter => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
});

const inQuery = (name: string, schema: Schema, description: string): Parameter => ({
  name,
  in: 'query',
  required: false,
  description,
  schema: { ...schema },
});
