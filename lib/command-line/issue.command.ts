import { Command, Option } from 'commander';
import type { OnDuplicate } from '../tickets/input/issue.input.js';
import type { Duration } from '../tickets/input/duration.js';
import type { CodeInput } from '../tickets/secrets/secret.js';
import type { DuplicateTicketError } from '../tickets/ticket.errors.js';
import { requireBaseUrl, requireSecrets } from './environment.js';
import { codeOf, CommandLineError } from './failure.js';
import { json, wholeNumber } from './flags.js';
import { assertPath, printIssued } from './issued.view.js';
import type { Run } from './session.js';

interface Flags {
  readonly place: string;
  readonly purpose: string;
  readonly subject?: string;
  readonly data?: unknown;
  readonly expiresIn?: Duration;
  readonly digits?: number;
  readonly letters?: number;
  readonly onDuplicate?: OnDuplicate;
  readonly path?: string;
}

export const issueCommand = (run: Run): Command =>
  new Command('issue')
    .description('issue a ticket; prints its uuid and its password, or its link')
    .requiredOption('--place <name>', 'where it admits, such as louvre')
    .requiredOption('--purpose <name>', 'what for, such as visit')
    .option('--subject <text>', 'whom or what it is about')
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
    .action(({ path, digits, letters, ...input }: Flags) =>
      run(async (session) => {
        const secret = requireSecrets();
        const baseUrl = path === undefined ? undefined : requireBaseUrl();
        const { tickets } = await session.open({ secret, baseUrl });
        assertPath(tickets, path);
        const issued = await tickets
          .issue({ ...input, password: passwordOf(digits, letters) })
          .catch((error: unknown) => {
            throw rejected(error);
          });
        printIssued(session.output, tickets, issued, path);
      }),
    );

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
