import { readFile } from 'node:fs/promises';
import { isSameScope } from '../../tickets/scope.js';
import { CommandLineError } from '../failure.js';
import type { Issuer } from '../office.js';
import { escaped } from '../output.js';
import type { GuestList } from './guest.list.js';
import { entries, type Entry, foreign, type Written } from './issued.rows.js';
import { csvText } from './links.file.js';
import { recordEnds } from './record.ends.js';

/** Where a run begins: which part of the output stands, and how many rows the input has. */
export interface Start extends Written {
  readonly total: number;
}

/** As many as a batch may have: what was on its way when a run was killed. */
export const MOST_MISSING = 1000;

interface Before extends Omit<Written, 'end'> {
  readonly guests: GuestList;
  readonly issuer: Issuer;
  readonly signal: AbortSignal;
  /** Whether the run before was: then its last batch may have no tickets. */
  readonly wasKilled: boolean;
}

/**
 * Reads all of the input and of an output that is there, before either is used: changes nothing.
 *
 * @param size the bytes of the output
 * @throws CommandLineError for an output that is not of this input and this database
 */
export async function startOf(size: number, before: Before): Promise<Start> {
  const { guests, issuer, signal, wasKilled, ...written } = before;
  // The header's is one of them.
  const ends = size === 0 ? [] : await endsOf(before);
  const whole = { ...written, end: ends.at(-1) ?? 0 };
  const issued: Entry[] = [];
  let total = 0;
  for await (const entry of entries(guests, whole)) {
    signal.throwIfAborted();
    total += 1;
    if (entry.issued !== undefined) issued.push(entry);
    if (issued.length > 2 * MOST_MISSING) issued.splice(0, MOST_MISSING);
  }
  const missing = await missingOf(issued.slice(-MOST_MISSING), issuer, written);
  if (missing > (wasKilled ? MOST_MISSING : 0)) throw elsewhere(written.file, missing);
  return { ...whole, total, end: ends.at(-1 - missing) ?? 0 };
}

async function endsOf({ file, headers }: Before): Promise<readonly number[]> {
  const { count, last } = await recordEnds(file, MOST_MISSING + 1);
  // What begins like the header is one that was torn; anything else is somebody's file.
  if (count === 0 && !csvText([headers]).startsWith(await readFile(file, 'utf8'))) throw foreign({ file });
  return last;
}

/**
 * How many entries at the end have no ticket.
 *
 * @throws CommandLineError where the tickets are for another place or purpose than the input and the flags say
 */
async function missingOf(
  issued: readonly Entry[],
  issuer: Issuer,
  written: Omit<Written, 'end'>,
): Promise<number> {
  const present = await issuer.present(issued.map(({ issued: uuid }) => uuid!));
  for (const { issued: uuid, input } of issued) {
    const ticket = present.get(uuid!);
    if (ticket && !isSameScope(ticket, input)) throw foreign(written);
  }
  const last = issued.findLastIndex(({ issued: uuid }) => present.has(uuid!));
  return issued.length - 1 - last;
}

const elsewhere = (file: string, missing: number): Error =>
  new CommandLineError(
    `the database has no tickets for the last ${missing} rows of ${escaped(file)}: it is not the one that they were issued in, or they were deleted; write another --out to issue others`,
  );
