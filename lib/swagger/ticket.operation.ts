import { placeTemplate } from '../tickets/definitions/place.parameters.js';
import type { Requirement } from '../invitations/requirement.js';
import type { CredentialParameters } from '../tickets/credential.parameters.js';
import type { GuardedOperation } from './guarded-operations.js';
import type { Operation, Parameter, Reference } from './openapi.types.js';
import { bodyWithCredentials } from './ticket.body.js';
import { SCHEME } from './ticket.components.js';
import { ticketParameters } from './ticket.parameters.js';
import { ticketResponses } from './ticket.responses.js';

/** What the options of the module decide. */
export interface Office {
  readonly names: CredentialParameters;
  readonly hasPasses: boolean;
}

/** What is documented of a guarded operation. */
export interface TicketFacts extends Pick<GuardedOperation, 'path' | 'method' | 'requirement'> {
  readonly isStamped: boolean;
  readonly office: Office;
}

/** What to write into a guarded operation. Nothing in it is changed: @nestjs/swagger may share its parts with others. */
export function documentTicket(operation: Operation, facts: TicketFacts): Partial<Operation> {
  const { requirement, path, method, office } = facts;
  const { parameters, responses } = operation;
  const requestBody = takesBody(requirement) ? bodyWithCredentials(operation.requestBody, method) : undefined;
  return {
    description: describe(operation.description, facts),
    security: withTicket(operation.security),
    parameters: withParameters(parameters, ticketParameters(path, office.names, office.hasPasses)),
    ...(requestBody ? { requestBody } : {}),
    responses: { ...ticketResponses(office.hasPasses && method === 'get'), ...responses },
  };
}

/** Whether a handler's body may have the credentials. */
export const takesBody = ({ credentials }: Requirement): boolean => credentials.includes('body');

function describe(own: string | undefined, { requirement, isStamped }: TicketFacts): string {
  const place = placeTemplate(requirement.place);
  const needed = `Needs a ticket for the place \`${place}\` and the purpose \`${requirement.purpose}\``;
  const sentence = isStamped ? `${needed}, which success uses up.` : `${needed}.`;
  if (!own) return sentence;
  return own.includes(sentence) ? own : `${own}\n\n${sentence}`;
}

/**
 * Guards add up: what the handler or its controller requires is required beside the ticket. What the whole document
 * requires is not, since a global guard lets a guarded handler by: OpenAPI ignores it where an operation has its own.
 */
function withTicket(own: Operation['security'] = []): Operation['security'] {
  if (own.some((requirement) => SCHEME in requirement)) return own;
  return own.length === 0 ? [{ [SCHEME]: [] }] : own.map((requirement) => ({ ...requirement, [SCHEME]: [] }));
}

function withParameters(own: (Parameter | Reference)[] = [], ours: readonly Parameter[]) {
  const isOwn = (parameter: Parameter) =>
    own.some((other) => 'name' in other && other.name === parameter.name && other.in === parameter.in);
  return [...own, ...ours.filter((parameter) => !isOwn(parameter))];
}
