import { HttpStatus } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { type PossibleAnswer, possibleAnswers } from '../invitations/answers/answer.table.js';
import type { Responses } from './openapi.types.js';
import { REFUSAL } from './ticket.components.js';

/** How a request may be answered in place of the handler. */
export function ticketResponses(redirects: boolean): Responses {
  const byStatus = new Map<number, PossibleAnswer[]>();
  for (const answer of possibleAnswers())
    byStatus.set(answer.status, [...(byStatus.get(answer.status) ?? []), answer]);
  const refusals = [...byStatus].map(
    ([status, answers]) => [status, refusalResponse(status, answers)] as const,
  );
  return { ...(redirects ? { [HttpStatus.SEE_OTHER]: seeOther } : {}), ...Object.fromEntries(refusals) };
}

function refusalResponse(status: number, answers: readonly PossibleAnswer[]) {
  const codes = answers.map(({ code }) => code);
  const headers = Object.entries(Object.assign({}, ...answers.map((answer) => answer.headers)) as object).map(
    ([name, example]) => [name, { schema: { type: 'string' }, example }] as const,
  );
  const errorCode = { type: 'string', enum: codes };
  const examples = Object.fromEntries(codes.map((code) => [code, { value: exampleOf(status, code) }]));
  const schema = { allOf: [REFUSAL, { type: 'object', properties: { errorCode } }] };
  return {
    description: `${STATUS_CODES[status]}: ${codes.map((code) => `\`${code}\``).join(', ')}`,
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
    content: { 'application/json': { schema, examples } },
  };
}

/** Spelled out: what documentation tools make up themselves has the code of another status. */
const exampleOf = (statusCode: number, errorCode: string) => ({
  statusCode,
  error: STATUS_CODES[statusCode],
  message: 'A sentence for the guest.',
  errorCode,
});

const seeOther = {
  description:
    'The credentials in the query are right: the guest gets a pass, and goes on to the same address without them.',
  headers: { Location: { schema: { type: 'string', format: 'uri-reference' } } },
};
