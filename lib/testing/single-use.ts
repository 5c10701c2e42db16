import { assertInput } from '../tickets/input/arguments.js';
import { filled, isFunction, WholeNumber } from '../tickets/input/rules.js';
import { TicketInputError } from '../tickets/ticket.errors.js';
import { type Outcome, outcomeOf } from './outcome.js';
import { race } from './race.js';

/** Sends one request with a ticket; resolves to its response. */
export type Send = () => PromiseLike<unknown>;

/** What {@link expectSingleUse} takes besides the requests. */
export interface SingleUseOptions {
  /**
   * How many requests with each ticket are sent at once: 2 to 1000.
   * @default 20
   */
  readonly parallel?: number;
}

class SingleUseRules {
  @WholeNumber(2, 1000)
  parallel: number = 20;
}

/**
 * Sends the same request many times at once, and once more when all are answered. Resolves where exactly one has
 * succeeded (a status of 200 to 399), and all others were refused (403 or 409). Meanwhile the database that
 * `TicketOfficeTestingModule.forRoot()` makes lets other requests by before each statement, so that they meet between a
 * look and a write.
 *
 * It cannot see a race between look and write in one transaction, since SQLite runs one after the other, and other
 * databases do not; on a data source of the test's own, one whose requests do not meet by themselves; state that each of
 * several processes has for itself; nor what a handler does after its response.
 *
 * @param send the request, as a new guest with the same ticket would send it; or one for each of several tickets, which
 * are sent at the same time: a guard that keeps a guest's ticket on itself mixes guests up
 * @example
 * await expectSingleUse(() => request(app.getHttpServer()).get('/louvre').set('Authorization', authorization));
 * @throws Error that counts the answers, where it was otherwise
 * @throws TicketInputError for other arguments, and for a response without a status
 */
export async function expectSingleUse(
  send: Send | readonly Send[],
  options: SingleUseOptions = {},
): Promise<void> {
  assertInput('expectSingleUse()', options, SingleUseRules);
  const { parallel } = filled(SingleUseRules, options);
  const guests = [send].flat();
  assertSends(guests);
  const round = () => Promise.all(guests.map(outcomeOf));
  const { answers, afterwards } = await race(async () => ({
    answers: await Promise.all(Array.from({ length: parallel }, round)),
    afterwards: await round(),
  }));
  const problems = guests.flatMap((_, guest) => {
    const own = answers.map((one) => one[guest]!);
    const found = problemsOf(own, afterwards[guest]!);
    return guests.length === 1 ? found : found.map((problem) => `ticket ${guest + 1}: ${problem}`);
  });
  if (problems.length > 0) throw failure(problems, [...answers, afterwards].flat());
}

function assertSends(guests: readonly unknown[]): void {
  if (guests.length > 0 && guests.every(isFunction)) return;
  throw new TicketInputError('expectSingleUse()', [
    'send must be a function that sends a request, or a list of such functions: () => request(server).get(…)',
  ]);
}

/** What is wrong with the answers to one ticket, in sentences. */
function problemsOf(answers: readonly Outcome[], afterwards: Outcome): string[] {
  const successes = answers.filter(({ kind }) => kind === 'success').length;
  const others = answers.filter(({ kind }) => kind === 'other').length;
  const table = tally(answers);
  return [
    successes === 1 ? [] : `${successes} of ${answers.length} parallel requests succeeded, not 1: ${table}`,
    others === 0
      ? []
      : `${others} of ${answers.length} were neither a success nor refused (403, 409): ${table}`,
    afterwards.kind === 'refusal' ? [] : lateProblem(afterwards),
  ].flat();
}

function lateProblem({ kind, text }: Outcome): string {
  if (kind === 'busy') return `the ticket is still claimed when all are answered, and not used: ${text}`;
  if (kind === 'unclear')
    return `one more request afterwards may have found the ticket still claimed: ${text}, ${UNREAD}`;
  return `one more request afterwards was not refused (403, or 409 with another errorCode than TICKET_BUSY): ${text}`;
}

const UNREAD =
  'without an errorCode in JSON that can be read. Expected is 403, or 409 with another errorCode than TICKET_BUSY: ' +
  'send Accept: application/json, and resolve to the response, its body unread';

function tally(answers: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { text } of answers) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${count} × ${text}`).join(', ');
}

/** With the error of a request without an answer as its cause. */
function failure(problems: readonly string[], outcomes: readonly Outcome[]): Error {
  const { cause } = outcomes.find((outcome) => outcome.cause !== undefined) ?? {};
  return new Error(['expectSingleUse():', ...problems, ...advice(outcomes)].join('\n'), { cause });
}

/** What to do about answers that are like these. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'Nothing listens there: await app.listen(0) before'],
  [
    /^303|^401 TICKET_MISSING/,
    'A 303 may be the redirect of a link, which uses nothing up, and 401 TICKET_MISSING what a client without cookies ' +
      'finds behind it: send the credentials in the header Authorization',
  ],
  [
    /^no answer \(expected /,
    'Leave expect() out of send: expectSingleUse() itself judges the answers, of which all but one are refused',
  ],
];

const advice = (outcomes: readonly Outcome[]): string[] =>
  ADVICE.filter(([pattern]) => outcomes.some(({ text }) => pattern.test(text))).map(([, text]) => text);
