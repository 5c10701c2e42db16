import { passwordProblem } from '../secrets/password.generator.js';
import { codeProblem, type CodeInput } from '../secrets/secret.js';
import { TicketInputError } from '../ticket.errors.js';
import { NAME_LENGTH, SUBJECT_LENGTH } from '../ticket.table.js';
import { textProblem } from './arguments.js';
import { dataProblem } from './data.rule.js';
import { type Duration, durationProblem } from './duration.js';
import { dateProblem, isPlainObject, Optional, Rule, validate } from './rules.js';

/** What {@link TicketService.issue} takes. */
export interface IssueInput<T = unknown> {
  /** Where the ticket admits: 1 to 100 characters. */
  readonly place: string;
  /** What for: 1 to 100 characters. */
  readonly purpose: string;
  /** Whom or what it is about: 1 to 191 characters. */
  readonly subject?: string;
  /**
   * Plain JSON to carry on the ticket: at most 16 levels deep, at most 16 384 bytes.
   * @default {}
   */
  readonly data?: T;
  /**
   * How long the ticket is valid (ms, or a text such as `'5d'`); `null`: for ever.
   * @default the module's `expiresIn`
   */
  readonly expiresIn?: Duration | null;
  /** The first instant at which the ticket is no longer valid, instead of `expiresIn`. */
  readonly expiresAt?: Date;
  /**
   * A password chosen by a human: 1 to 1024 bytes of UTF-8. `{ digits: 8 }`: a code to type, `{ letters: 12 }`: one to
   * dictate; valid for 10 minutes unless said otherwise, and long enough for the module's `maxAttempts`.
   * @default a generated secret of 256 bits, or what the module's `passwordGenerator` makes
   */
  readonly password?: string | CodeInput;
}

class IssueRules {
  @Rule((value) => textProblem(value, NAME_LENGTH))
  place: unknown = undefined;

  @Rule((value) => textProblem(value, NAME_LENGTH))
  purpose: unknown = undefined;

  @Optional()
  @Rule((value) => textProblem(value, SUBJECT_LENGTH))
  subject: unknown = undefined;

  @Optional()
  @Rule(dataProblem)
  data: unknown = undefined;

  @Optional()
  @Rule(durationProblem('ever'))
  expiresIn: unknown = undefined;

  @Optional()
  @Rule(dateProblem)
  expiresAt: unknown = undefined;

  @Optional()
  @Rule((value) => (isPlainObject(value) ? undefined : passwordProblem(value)))
  password: unknown = undefined;
}

/**
 * @param now the instant of issue, in the past of every expiry
 * @param guesses how many wrong guesses a ticket allows
 * @throws TicketInputError with every problem of the input
 */
export function assertIssueInput(input: unknown, now: Date, guesses: number): asserts input is IssueInput {
  const problems = validate(input, 'the input', IssueRules);
  const { password } = Object(input) as { password?: unknown };
  const problem = isPlainObject(password) ? codeProblem(password, guesses) : undefined;
  if (problem !== undefined) problems.push(`password ${problem}`);
  if (problems.length === 0) problems.push(...expiryProblems(input as IssueInput, now));
  if (problems.length > 0) throw new TicketInputError('issue()', problems);
}

function expiryProblems({ expiresIn, expiresAt }: IssueInput, now: Date): string[] {
  if (expiresAt === undefined) return [];
  if (expiresIn !== undefined) return ['expiresIn and expiresAt exclude each other: write one of them'];
  return expiresAt.getTime() > now.getTime() ? [] : ['expiresAt must be in the future'];
}
