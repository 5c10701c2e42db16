import { TicketInputError } from '../tickets/ticket.errors.js';

/** What became of a request. */
export interface Outcome {
  /** A refusal is `unclear` where its code cannot be read and may be TICKET_BUSY. */
  readonly kind: 'success' | 'refusal' | 'busy' | 'unclear' | 'other';
  /** Its status, with the code of a refusal where one can be read; or why there was no answer. */
  readonly text: string;
  readonly cause?: unknown;
}

/**
 * The outcome of a request: of supertest, fetch, axios or Fastify's `inject()`.
 *
 * @throws TicketInputError for anything else
 */
export async function outcomeOf(send: () => PromiseLike<unknown>): Promise<Outcome> {
  try {
    return await answered(await send());
  } catch (error) {
    if (error instanceof TicketInputError) throw error;
    // Some clients reject on a status of 400 or more.
    const { response } = Object(error) as { response?: unknown };
    return statusOf(response) === undefined ? unanswered(error) : await answered(response);
  }
}

async function answered(response: unknown): Promise<Outcome> {
  const status = statusOf(response);
  if (status === undefined)
    throw new TicketInputError('expectSingleUse()', [
      'each request must resolve to a response with a number from 100 to 599 as its status or statusCode, as those of supertest, fetch and inject() do',
    ]);
  // The body of a success may have no end: an event stream, for example.
  const code = status < 400 ? undefined : await codeOf(response as Body);
  return { kind: kindOf(status, code), text: [status, code].filter(Boolean).join(' ') };
}

/** How guests lose a race, and how a used ticket is answered: Forbidden, or Conflict; busy is what comes while it is claimed. */
function kindOf(status: number, code: string | undefined): Outcome['kind'] {
  if (status >= 200 && status < 400) return 'success';
  if (status === 403) return 'refusal';
  if (status !== 409) return 'other';
  if (code === undefined) return 'unclear';
  return code === 'TICKET_BUSY' ? 'busy' : 'refusal';
}

const unanswered = (cause: unknown): Outcome => ({
  kind: 'other',
  text: `no answer (${reason(cause)})`,
  cause,
});

/** With the code of what is behind it: fetch says no more than that it failed. */
function reason(error: unknown): string {
  const { message = String(error), code, cause } = Object(error) as Partial<NodeJS.ErrnoException>;
  const behind = cause === undefined ? code : reason(cause);
  return [...new Set([message, behind])].filter(Boolean).join(', ');
}

function statusOf(response: unknown): number | undefined {
  const { status, statusCode } = Object(response) as Record<string, unknown>;
  return [status, statusCode].find((value) => typeof value === 'number' && value >= 100 && value <= 599) as
    number | undefined;
}

/** Where clients keep what was answered: an object, or the text of one. */
interface Body {
  /** axios */
  readonly data?: unknown;
  /** supertest, got */
  readonly body?: unknown;
  /** inject() */
  readonly payload?: unknown;
  /** supertest, where it has not parsed the text */
  readonly text?: unknown;
  /** fetch */
  clone?(): { json(): Promise<unknown> };
}

/** The `errorCode` of an answer in JSON. Leaves the answer for the test to read. */
async function codeOf(response: Body): Promise<string | undefined> {
  const { data, body, payload, text } = response;
  const found = typeof response.clone === 'function' ? [await copyOf(response)] : [data, body, payload, text];
  return found.map(errorCodeOf).find((code) => code !== undefined);
}

/** The body of fetch's response; `undefined` where `send` has read it already, or where it is no JSON. */
async function copyOf(response: Body): Promise<unknown> {
  try {
    return await response.clone!().json();
  } catch {
    return undefined;
  }
}

function errorCodeOf(answer: unknown): string | undefined {
  const { errorCode } = Object(typeof answer === 'string' ? parsed(answer) : answer) as Record<
    string,
    unknown
  >;
  return typeof errorCode === 'string' ? errorCode : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
