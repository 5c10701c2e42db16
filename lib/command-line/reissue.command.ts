import { Command } from 'commander';
import type { Duration } from '../tickets/input/duration.js';
import { requireBaseUrl, requireSecrets } from './environment.js';
import { codeOf, CommandLineError } from './failure.js';
import { assertPath, printIssued } from './issued.view.js';
import { escaped } from './output.js';
import type { Run } from './session.js';

interface Flags {
  readonly path?: string;
  readonly expiresIn?: Duration;
}

export const reissueCommand = (run: Run): Command =>
  new Command('reissue')
    .description('give a ticket another secret; the old one is invalid from then on')
    .argument('<uuid>')
    .option('--expires-in <duration>', 'another lifetime from now on, such as 5d')
    .option('--path <path>', 'print a link to this path of the app')
    .action((uuid: string, { path, ...input }: Flags) =>
      run(async (session) => {
        const secret = requireSecrets();
        const baseUrl = path === undefined ? undefined : requireBaseUrl();
        const { tickets } = await session.open({ secret, baseUrl });
        assertPath(tickets, path);
        const issued = await tickets.reissue(uuid, input).catch((error: unknown) => {
          throw refused(uuid, error);
        });
        printIssued(session.output, tickets, issued, path);
      }),
    );

/** For people who operate the app: the errors' own sentences are for guests. */
const REFUSALS: Readonly<Record<string, string>> = {
  TICKET_NOT_FOUND: 'is not there',
  TICKET_USED: 'is used: issue another one',
  TICKET_REVOKED: 'is revoked: issue another one',
  TICKET_EXPIRED: 'has expired: add --expires-in',
  TICKET_LOCKED: 'is locked after too many wrong guesses: issue another one',
  TICKET_BUSY: 'is being used right now: try again in a moment, or reopen it',
};

function refused(uuid: string, error: unknown): unknown {
  const refusal = REFUSALS[String(codeOf(error))];
  if (refusal === undefined) return error;
  return new CommandLineError(`the ticket ${escaped(uuid)} ${refusal}`, undefined, { cause: error });
}
