import { possibleAnswers } from '../invitations/answers/answer.table.js';
import type { CredentialParameters } from '../tickets/credential.parameters.js';
import type { Components, Reference, Schema } from './openapi.types.js';
import { passwordSchema, uuidSchema } from './ticket.parameters.js';

/** The name of the security scheme. */
export const SCHEME = 'ticket';

export const REFUSAL: Reference = { $ref: '#/components/schemas/TicketRefusal' };
export const CREDENTIALS: Reference = { $ref: '#/components/schemas/TicketCredentials' };

/**
 * What the operations refer to, beside what the app has; where it has one of these, it keeps its own.
 *
 * @param inBody the names of the credentials, where a body may have them
 */
export function ticketComponents(
  { schemas, securitySchemes, ...others }: Components = {},
  inBody: CredentialParameters | undefined,
): Components {
  const credentials: Components['schemas'] = inBody ? { TicketCredentials: credentialsSchema(inBody) } : {};
  return {
    ...others,
    schemas: { TicketRefusal: refusalSchema(), ...credentials, ...schemas },
    securitySchemes: { [SCHEME]: scheme, ...securitySchemes },
  };
}

/** Not the type `http`, whose only schemes in Swagger UI are Basic and Bearer: it has no field to type a ticket in. */
const scheme = {
  type: 'apiKey',
  in: 'header',
  name: 'Authorization',
  description: 'The credentials of a ticket: `Ticket <uuid>:<password>`, the word included.',
} as const;

/** The body of the exceptions that the guests of all guarded routes are refused with. */
function refusalSchema(): Schema {
  const answers = possibleAnswers();
  const instants = answers.flatMap(({ instant }) => instant ?? []);
  return {
    type: 'object',
    required: ['statusCode', 'error', 'message', 'errorCode'],
    properties: {
      statusCode: { type: 'integer' },
      error: { type: 'string' },
      message: { type: 'string', description: 'A sentence for the guest, which may change.' },
      errorCode: { type: 'string', enum: answers.map(({ code }) => code) },
      ...Object.fromEntries(instants.map((name) => [name, { type: 'string', format: 'date-time' }])),
    },
  };
}

const credentialsSchema = ({ uuid, password }: CredentialParameters): Schema => ({
  type: 'object',
  properties: { [uuid]: uuidSchema, [password]: passwordSchema },
});
