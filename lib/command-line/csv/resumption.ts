import { readFile } from 'node:fs/promises';
import { CommandLineError } from '../failure.js';
import type { Issuer } from '../office.js';
import { escaped } from '../output.js';
import type { GuestList } from './guest.list.js';
import { entries, foreign, type Written } from './issued.rows.js';
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
  /** How many of the last rows may have no ticket: none where the run before has ended by itself. */
  readonly mayMiss: number;
}

/**
 * Reads all of the input and of an output that is there, before either is used: changes nothing.
 *
 * @param size the bytes of the output
 * @throws CommandLineError for an output that is not of this input and this database
 */
export async function startOf(size: number, before: Before): Promise<Start> {
  const { guests, issuer, signal, mayMiss, ...written } = before;
  // The header's is one of them.
  const ends = size === 0 ? [] : await endsOf(before);
  const whole = { ...written, end: ends.at(-1) ?? 0 };
  const uuids: string[] = [];
  let total = 0;
  for await (const { issued } of entries(guests, whole)) {
    signal.throwIfAborted();
    total += 1;
    if (issued !== undefined) uuids.push(issued);
    if (uuids.length > 2 * MOST_MISSING) uuids.splice(0, MOST_MISSING);
  }
  const missing = await missingOf(uuids.slice(-MOST_MISSING), issuer);
  if (missing > mayMiss) throw elsewhere(written.file, missing);
  return { ...whole, total, end: ends.at(-1 - missing) ?? 0 };
}

async function endsOf({ file, headers }: Before): Promise<readonly number[]> {
  const { count, last } = await recordEnds(file, MOST_MISSING + 1);
  // What begins like the header is one that was torn; anything else is somebody's file.
  if (count === 0 && !csvText([headers]).startsWith(await readFile(file, 'utf8'))) throw foreign({ file });
  return last;
}

/** How many uuids at the end have no ticket. */
async function missingOf(uuids: readonly string[], issuer: Issuer): Promise<number> {
  const present = await issuer.present(uuids);
  const last = uuids.findLastIndex((uuid) => present.has(uuid));
  return uuids.length - 1 - last;
}

const elsewhere = (file: string, missing: number): Error =>
  new CommandLineError(
    `the database has no tickets for the last ${missing} rows of ${escaped(file)}: it is not the one that they were issued in, or they were deleted; write another --out to issue others`,
  );
