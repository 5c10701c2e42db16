import { Command, Option } from 'commander';
import type { OnDuplicate } from '../tickets/input/on-duplicate.js';
import type { Duration } from '../tickets/input/duration.js';
import type { CodeInput } from '../tickets/secrets/secret.js';
import type { DuplicateTicketError } from '../tickets/ticket.errors.js';
import { issueFrom } from './csv/issue.from.js';
import { MOST_MISSING } from './csv/resumption.js';
import { requireBaseUrl, requireSecrets } from './environment.js';
import { codeOf, CommandLineError, usageError } from './failure.js';
import { json, wholeNumber } from './flags.js';
import { assertPath, printIssued } from './issued.view.js';
import type { Run, Session } from './session.js';

interface Flags {
  readonly place?: string;
  readonly purpose?: string;
  readonly subject?: string;
  readonly data?: unknown;
  readonly expiresIn?: Duration;
  readonly digits?: number;
  readonly letters?: number;
  readonly onDuplicate?: OnDuplicate;
  readonly path?: string;
  readonly from?: string;
  readonly out?: string;
  readonly batchSize?: number;
}

const DEFAULT_BATCH = 500;

export const issueCommand = (run: Run): Command =>
  new Command('issue')
    .description(
      'issue a ticket, and print its uuid and its password, or its link; or one for each row of a file',
    )
    .option('--place <name>', 'where it admits, such as louvre')
    .option('--purpose <name>', 'what for, such as visit')
    .option('--subject <text>', 'what it is about, such as the id of a user')
    .option('--data <json>', "the app's own JSON, kept on the ticket", json)
    .option('--expires-in <duration>', 'its lifetime, such as 5d (default: 24h; of a code, 10 minutes)')
    .addOption(
      new Option('--digits <n>', 'a code of so many digits, to type')
        .argParser(wholeNumber)
        .conflicts('letters'),
    )
    .option('--letters <n>', 'a code of so many letters, to dictate', wholeNumber)
    .option(
      '--on-duplicate <what>',
      'if there is a valid one for the subject: allow, revoke or reject (default: allow)',
    )
    .option('--path <path>', 'print a link to this path of the app')
    .option('--from <file>', 'a CSV file: a ticket for each row, by its columns and these flags')
    .option('--out <file>', 'for --from: the CSV file to write, the rows with their tickets')
    .option(
      '--batch-size <n>',
      'for --from: how many tickets one transaction writes (default: 500)',
      wholeNumber,
    )
    .action((flags: Flags) =>
      run((session) => (flags.from === undefined ? issueOne : issueAll)(session, flags)),
    );

async function issueOne(session: Session, flags: Flags): Promise<void> {
  const { path, digits, letters, from: _, out, batchSize, place, purpose, ...input } = flags;
  if (out !== undefined || batchSize !== undefined)
    throw usageError('--out and --batch-size are for --from: add the file of the guests');
  if (place === undefined) throw usageError('--place is missing: write where the ticket admits');
  if (purpose === undefined) throw usageError('--purpose is missing: write what the ticket admits for');
  const secret = requireSecrets();
  const baseUrl = path === undefined ? undefined : requireBaseUrl();
  const { tickets } = await session.open({ secret, baseUrl });
  assertPath(tickets, path);
  const issued = await tickets
    .issue({ ...input, place, purpose, password: passwordOf(digits, letters) })
    .catch((error: unknown) => {
      throw rejected(error);
    });
  printIssued(session.output, tickets, issued, path);
}

async function issueAll(session: Session, flags: Flags): Promise<void> {
  const { from = '', out, path, digits, letters, batchSize = DEFAULT_BATCH, ...input } = flags;
  if (out === undefined)
    throw usageError('--out is missing: write the file for the tickets, such as links.csv');
  if (input.subject !== undefined || input.data !== undefined)
    throw usageError('--subject and --data are for one ticket: with --from, they are columns of the file');
  if (batchSize < 1 || batchSize > MOST_MISSING)
    throw usageError(`--batch-size must be from 1 to ${MOST_MISSING}`);
  const { place, purpose, expiresIn, onDuplicate } = input;
  const common = { place, purpose, expiresIn, onDuplicate, password: passwordOf(digits, letters) };
  await issueFrom(session, { from, out, path, batchSize, common });
}

function passwordOf(digits?: number, letters?: number): CodeInput | undefined {
  if (digits !== undefined) return { digits };
  return letters === undefined ? undefined : { letters };
}

function rejected(error: unknown): unknown {
  if (codeOf(error) !== 'TICKET_DUPLICATE') return error;
  const { uuid } = error as DuplicateTicketError;
  const message = `the ticket ${uuid} is valid for this place, purpose and subject: none was issued`;
  return new CommandLineError(message, undefined, { cause: error });
}
