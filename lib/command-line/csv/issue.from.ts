import { realpath } from 'node:fs/promises';
import { requireBaseUrl, requireSecrets } from '../environment.js';
import { inFlags, usageError } from '../failure.js';
import { assertPath } from '../issued.view.js';
import type { Office } from '../office.js';
import type { Session } from '../session.js';
import type { Common } from './guest.columns.js';
import { GuestList } from './guest.list.js';
import { CsvIssue } from './issue.csv.js';
import { entries } from './issued.rows.js';
import { addedHeaders, LinksFile, outputSize } from './links.file.js';
import { ProcessLock } from './process.lock.js';
import { startOf } from './resumption.js';

export interface CsvFlags {
  readonly from: string;
  readonly out: string;
  readonly path: string | undefined;
  readonly batchSize: number;
  readonly common: Partial<Common>;
}

/**
 * Issues a ticket for each row of a CSV file, and writes the rows with their tickets to another. The same call goes on
 * where one before was killed.
 */
export async function issueFrom(session: Session, flags: CsvFlags): Promise<void> {
  const secret = requireSecrets();
  const baseUrl = flags.path === undefined ? undefined : requireBaseUrl();
  const office = await session.open({ secret, baseUrl });
  assertUsable(office, flags);
  const guests = await GuestList.open(flags.from, flags.common, (input) => office.issuer.problems(input));
  // One file has one lock, whatever links lead to it.
  const out = await realpath(flags.out).catch(() => flags.out);
  await outputSize(out, flags.from);
  const lock = await ProcessLock.acquire(`${out}.lock`);
  let isSettled = !lock.wasLeft;
  try {
    const headers = [...guests.columns.headers, ...addedHeaders(flags.path)];
    const start = await startOf((await outputSize(out, flags.from)) ?? 0, {
      ...{ file: out, headers, guests, issuer: office.issuer, signal: session.signal },
      hasGaps: flags.common.onDuplicate === 'reject',
      wasKilled: lock.wasLeft,
    });
    const links = await LinksFile.open(out, start.end, headers);
    const issue = new CsvIssue({ session, office, links, lock, ...flags, total: start.total });
    try {
      await issue.finish(entries(guests, start));
    } finally {
      ({ isSettled } = issue);
      await links.close();
    }
  } finally {
    // What is left says that the last batch may be missing in the database.
    if (isSettled) await lock.release();
  }
}

/** @throws before anything is read or written */
function assertUsable({ issuer, tickets }: Office, { common, path }: CsvFlags): void {
  const problems = issuer.problems({ place: '-', purpose: '-', subject: '-', ...withoutAbsent(common) });
  if (problems.length > 0) throw usageError(inFlags(problems.join('; ')));
  assertPath(tickets, path);
}

const withoutAbsent = (common: object): object =>
  Object.fromEntries(Object.entries(common).filter(([, value]) => value !== undefined));
