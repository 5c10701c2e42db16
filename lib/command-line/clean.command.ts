import { Command, Option } from 'commander';
import { CLEANING_DEFAULTS } from '../tickets/cleaning/cleaning.settings.js';
import type { CleanedCounts, CleanInput } from '../tickets/input/clean.input.js';
import type { TicketService } from '../tickets/ticket.service.js';
import { CommandLineError, exitCodeOf } from './failure.js';
import { type Filter, isoInstant, milliseconds, wholeNumber } from './flags.js';
import { Progress } from './progress.js';
import type { Run, Session } from './session.js';

interface Flags extends Omit<Filter, 'subject'> {
  readonly before?: Date;
  readonly keep: number;
  readonly batchSize?: number;
}

export const cleanCommand = (run: Run): Command =>
  new Command('clean')
    .description('delete tickets that have been used, revoked or expired for some time')
    .addOption(
      new Option('--keep <duration>', 'how long they are kept')
        .argParser(milliseconds)
        .default(milliseconds(CLEANING_DEFAULTS.keep), CLEANING_DEFAULTS.keep),
    )
    .addOption(
      new Option('--before <instant>', 'delete those that were over at this instant')
        .argParser(isoInstant)
        .conflicts('keep'),
    )
    .option('--place <name>', 'only tickets for this place')
    .option('--purpose <name>', 'only tickets for this purpose')
    .option(
      '--batch-size <n>',
      `most tickets to delete in one statement (default: ${CLEANING_DEFAULTS.batchSize})`,
      wholeNumber,
    )
    .action(({ before, keep, ...input }: Flags) =>
      run(async (session) => {
        const { tickets } = await session.open();
        const overSince = before ?? new Date(Date.now() - keep);
        const counts = await watched(session, tickets, { ...input, before: overSince });
        session.output.print(counts, [`Deleted ${described(counts)}.`]);
      }),
    );

/** Shows the progress, and after an interruption how much was deleted. */
async function watched(
  { output, signal }: Session,
  tickets: TicketService,
  input: CleanInput,
): Promise<CleanedCounts> {
  const progress = new Progress(output, 'tickets deleted');
  let soFar = 0;
  // The event counts the interrupted batch, too; `onProgress` does not.
  const subscription = tickets.events$.subscribe((event) => {
    if (event.type === 'cleaned') soFar = deleted(event.counts);
  });
  try {
    return await tickets.clean({
      ...input,
      signal,
      onProgress: (counts) => progress.update(deleted(counts)),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    const message = `interrupted: ${soFar} tickets deleted so far; the same command goes on from there`;
    throw new CommandLineError(message, exitCodeOf(signal.reason));
  } finally {
    subscription.unsubscribe();
    progress.end();
  }
}

const deleted = ({ used, revoked, expired }: CleanedCounts): number => used + revoked + expired;

function described({ used, revoked, expired, referenced = 0 }: CleanedCounts): string {
  const kinds = `${used} used, ${revoked} revoked and ${expired} expired tickets`;
  return referenced === 0 ? kinds : `${kinds}; ${referenced} stay, since rows of the app refer to them`;
}
