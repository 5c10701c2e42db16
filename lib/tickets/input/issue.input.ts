import { IsIn } from 'class-validator';
import { passwordProblem } from '../secrets/password.generator.js';
import { codeProblem, type CodeInput } from '../secrets/secret.js';
import { TicketInputError } from '../ticket.errors.js';
import { nameProblem } from './arguments.js';
import { dataProblem } from './data.rule.js';
import { type Duration, durationProblem } from './duration.js';
import { ON_DUPLICATE, type OnDuplicate } from './on-duplicate.js';
import { dateProblem, isPlainObject, Optional, Rule, validateBeside } from './rules.js';
import { subjectProblem } from './subject.rule.js';

/** What {@link TicketService.issue} takes. */
export interface IssueInput<T = unknown> {
  /** Where the ticket admits: 1 to 100 characters. */
  readonly place: string;
  /** What it admits for: 1 to 100 characters. */
  readonly purpose: string;
  /**
   * What the ticket is about, such as a user id or an order number: 1 to 191 characters, or a whole number, which is
   * kept as its text.
   */
  readonly subject?: string | number;
  /**
   * The app's own JSON, kept on the ticket: at most 16 levels deep, at most 16 384 bytes.
   * @default {}
   */
  readonly data?: T;
  /**
   * Lifetime: in ms, or text such as `'5d'`; `null`: the ticket never expires.
   * @default the module's `expiresIn`; for a code, at most 10 minutes
   */
  readonly expiresIn?: Duration | null;
  /** The first instant at which the ticket is no longer valid, instead of `expiresIn`. */
  readonly expiresAt?: Date;
  /**
   * A human's password of 1 to 1024 bytes of UTF-8; or a code, to type (`{ digits: 8 }`) or to dictate
   * (`{ letters: 12 }`), which must be long enough for the module's `maxAttempts`.
   * @default a generated secret of 256 bits, or what the module's `passwordGenerator` makes
   */
  readonly password?: string | CodeInput;
  /**
   * What to do about valid tickets of the same place, purpose and subject, which is required then: `'allow'` leaves them
   * as they are, `'revoke'` revokes them in the same transaction, and `'reject'` issues nothing and throws
   * DuplicateTicketError. It holds whatever many processes issue at once: after any burst with `'revoke'` one ticket is
   * valid, and with `'reject'` one was issued.
   * @default 'allow'
   */
  readonly onDuplicate?: OnDuplicate;
}

class IssueRules {
  @Rule(nameProblem)
  place: unknown = undefined;

  @Rule(nameProblem)
  purpose: unknown = undefined;

  @Optional()
  @Rule(subjectProblem)
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

  @Optional()
  @IsIn(ON_DUPLICATE, { message: `$property must be one of ${ON_DUPLICATE.join(', ')}` })
  onDuplicate: unknown = undefined;
}

/** The fields of {@link IssueInput}. */
export const ISSUE_NAMES: readonly string[] = Object.keys(new IssueRules());

/** The columns of the app's own entity, as fields of an input. */
export interface OwnFields {
  readonly inputs: readonly string[];
  inputProblems(input: object): string[];
}

const NONE: OwnFields = { inputs: [], inputProblems: () => [] };

/**
 * @param now the instant of issue; every expiry must be later
 * @param guesses how many wrong guesses a ticket allows
 * @throws TicketInputError with every problem of the input
 */
export function assertIssueInput(
  input: unknown,
  now: Date,
  guesses: number,
  own?: OwnFields,
): asserts input is IssueInput {
  const problems = issueProblems(input, now, guesses, own);
  if (problems.length > 0) throw new TicketInputError('issue()', problems);
}

/** The same as a list, for one of many inputs. */
export function issueProblems(input: unknown, now: Date, guesses: number, own = NONE): string[] {
  const problems = validateBeside(own.inputs, input, 'the input', IssueRules);
  if (own.inputs.length > 0 && Object(input) === input) problems.push(...own.inputProblems(input as object));
  const password = (input as IssueInput | null | undefined)?.password;
  const problem = isPlainObject(password) ? codeProblem(password, guesses) : undefined;
  if (problem !== undefined) problems.push(`password ${problem}`);
  if (problems.length === 0) problems.push(...contradictions(input as IssueInput, now));
  return problems;
}

const contradictions = (input: IssueInput, now: Date): string[] =>
  input.expiresAt === undefined && input.onDuplicate === undefined
    ? []
    : [...expiryProblems(input, now), ...duplicateProblems(input)];

function expiryProblems({ expiresIn, expiresAt }: IssueInput, now: Date): string[] {
  if (expiresAt === undefined) return [];
  if (expiresIn !== undefined) return ['expiresIn and expiresAt exclude each other: write one of them'];
  return expiresAt.getTime() > now.getTime() ? [] : ['expiresAt must be in the future'];
}

function duplicateProblems({ onDuplicate = 'allow', subject }: IssueInput): string[] {
  if (onDuplicate === 'allow' || subject !== undefined) return [];
  return [
    `subject is missing: with onDuplicate: '${onDuplicate}', write what the ticket is about, such as the id of a user`,
  ];
}
