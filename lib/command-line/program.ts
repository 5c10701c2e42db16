import { Command } from 'commander';
import { cleanCommand } from './clean.command.js';
import { doctorCommand } from './doctor.command.js';
import { exitCodeOf, sentenceOf } from './failure.js';
import { importDjangoCommand } from './import-django.command.js';
import { issueCommand } from './issue.command.js';
import { listCommand } from './list.command.js';
import type { Output } from './output.js';
import { reissueCommand } from './reissue.command.js';
import { reopenCommand } from './reopen.command.js';
import { revokeCommand } from './revoke.command.js';
import { type Run, Session } from './session.js';
import { showCommand } from './show.command.js';

const COMMANDS = [
  issueCommand,
  listCommand,
  showCommand,
  revokeCommand,
  reissueCommand,
  reopenCommand,
  cleanCommand,
  doctorCommand,
  importDjangoCommand,
];

const ENVIRONMENT = `
Environment:
  TICKET_OFFICE_SECRET    the app's secret; several, the current one first, separated by blanks
  TICKET_OFFICE_BASE_URL  the app's public address, which links begin with

Exit codes: 0 done, 1 failed or not found, 2 wrong usage or set-up.`;

/**
 * Runs a command. Of one that fails, it writes why, in one sentence.
 *
 * @param args what is written after the name of the program
 * @returns the exit code
 */
export async function runProgram(args: string[], output: Output, signal: AbortSignal): Promise<number> {
  try {
    await programOf(output, signal).parseAsync(args, { from: 'user' });
    return output.exitCode;
  } catch (error) {
    return failed(error, output);
  }
}

/** Writes why a command failed; returns its exit code. */
export function failed(error: unknown, output: Output): number {
  const sentence = sentenceOf(error);
  if (sentence !== '') output.note(`ticket-office: ${sentence}`);
  return exitCodeOf(error);
}

/** Its actions throw CommandLineError, CommanderError, and what the ticket office throws. */
function programOf(output: Output, signal: AbortSignal): Command {
  const program = new Command('ticket-office')
    .description('Issues, lists and revokes the tickets of an app.')
    .requiredOption('-d, --data-source <file>', 'the compiled file that exports the data source of the app')
    .option('--json', 'write results as JSON')
    .configureOutput({ writeOut: (text) => output.write(text) })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', ENVIRONMENT)
    .exitOverride();
  const run: Run = async (work) => {
    const { dataSource, json } = program.opts<{ dataSource: string; json?: true }>();
    output.isJson = json ?? false;
    const session = new Session(dataSource, output, signal);
    try {
      // First, since the file may set the environment.
      await session.load();
      await work(session);
    } finally {
      await session.close();
    }
  };
  for (const command of COMMANDS) program.addCommand(command(run).copyInheritedSettings(program));
  return program;
}
