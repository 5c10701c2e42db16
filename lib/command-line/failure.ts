import { CommanderError } from 'commander';
import { escaped } from './output.js';

/** What a program that calls the command learns from it. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** A failure in one sentence, with its exit code. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';

  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** For wrong usage, or a set-up that lacks something. */
export const usageError = (message: string, cause?: unknown): CommandLineError =>
  new CommandLineError(message, EXIT.usage, { cause });

export const noSuchTicket = (uuid: string): CommandLineError =>
  new CommandLineError(`there is no ticket ${escaped(uuid)}`);

/** By the `code` of a TicketError: the office may be that of another build, whose classes are others. */
const USAGE_CODES: ReadonlySet<unknown> = new Set(['TICKET_INPUT', 'TICKET_OFFICE_CONFIGURATION']);

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommandLineError) return error.exitCode;
  // Help that was asked for is no error; commander has 1 for all else.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  return USAGE_CODES.has(codeOf(error)) ? EXIT.usage : EXIT.failed;
}

/** One line; empty where commander has said it. */
export function sentenceOf(error: unknown): string {
  if (error instanceof CommanderError) return '';
  const code = codeOf(error);
  if (code === 'TICKET_INPUT') return inFlags(messageOf(error));
  if (code === 'TICKET_OFFICE_BUSY') {
    const { cause } = error as Error;
    return `the database does not answer${cause === undefined ? '' : `: ${messageOf(cause)}`}`;
  }
  return messageOf(error);
}

/** Of a TicketError, of whichever build. */
export const codeOf = (error: unknown): unknown => (Object(error) as { code?: unknown }).code;

/** In one line, without the password of a URL. */
export function messageOf(error: unknown): string {
  // Node has one for a host of several addresses, itself without a message.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const { message } = Object(first ?? error) as { message?: unknown };
  const text = typeof message === 'string' && message !== '' ? message : String(first ?? error);
  return escaped(
    withoutLists(text)
      .replace(/\s*\n\s*/g, ' ')
      .replace(/(:\/\/[^\s:/@]*):[^\s/]*@/g, '$1:***@'),
  );
}

/** Without a stack, or a list of modules. */
const withoutLists = (text: string): string => text.trim().split(/\n\s*(?:\n|at |- |Require stack:)/)[0]!;

/** A problem of an input in the words of the command line: `--expires-in` for `expiresIn`. */
export const inFlags = (message: string): string =>
  message
    .replace(/^\w+\(\): /, '')
    .split('; ')
    .map((problem) => problem.replace(/^[a-z]\w*(?= (must|has|would|is missing))/i, flagOf))
    .join('; ')
    .replace(/a positive number of milliseconds, a text .+ or null for ever/, 'a duration, such as 24h or 5d')
    .replace(/a string, \{ digits: n \}.+ with n from (\d+ to \d+)/, 'of $1 digits or letters')
    .replace(/\{ (digits|letters): (\d+) \}/g, '--$1 $2')
    .replace(/onDuplicate: '(\w+)'/g, '--on-duplicate $1');

const flagOf = (name: string): string =>
  name === 'password' ? 'the code' : `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
