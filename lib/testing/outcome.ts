import { TicketInputError } from '../tickets/ticket.errors.js';

/** What became of a request. */
export interface Outcome {
  readonly kind: 'success' | 'refusal' | 'busy' | 'other';
  /** Its status, with the code of a refusal where one can be read; or why there was no answer. */
  readonly text: string;
  readonly cause?: unknown;
}

/** How guests lose a race, and how a used ticket is answered: Forbidden, Conflict. */
const REFUSALS: ReadonlySet<number> = new Set([403, 409]);

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
      'each request must resolve to a response with a number as its status or statusCode, as those of supertest, fetch and inject() do',
    ]);
  const code = await codeOf(response as Body);
  return { kind: kindOf(status, code), text: [status, code].filter(Boolean).join(' ') };
}

/** Busy is who comes while the ticket is claimed. */
function kindOf(status: number, code: string | undefined): Outcome['kind'] {
  if (status >= 200 && status < 400) return 'success';
  if (!REFUSALS.has(status)) return 'other';
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
  return [status, statusCode].find((value) => typeof value === 'number');
}

/** Where clients keep what was answered. */
interface Body {
  /** supertest */
  readonly body?: unknown;
  /** axios */
  readonly data?: unknown;
  /** inject() */
  readonly payload?: unknown;
  /** fetch */
  clone?(): { json(): Promise<unknown> };
}

/** The `errorCode` of an answer in JSON. Leaves the answer for the test to read. */
async function codeOf(response: Body): Promise<string | undefined> {
  const { body, data = body, payload } = response;
  const json: unknown =
    typeof response.clone === 'function'
      ? await response
          .clone()
          .json()
          .catch(() => undefined)
      : typeof payload === 'string'
        ? parsed(payload)
        : data;
  const { errorCode } = Object(json) as Record<string, unknown>;
  return typeof errorCode === 'string' ? errorCode : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
