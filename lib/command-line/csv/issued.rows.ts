import { canonicalUuid } from '../../tickets/credentials.js';
import { usageError } from '../failure.js';
import { escaped } from '../output.js';
import { csvRecords, type CsvRecord } from './csv.records.js';
import type { Guest, GuestList } from './guest.list.js';

/** A row of the input, and the uuid that the output has for it already. */
export interface Entry extends Guest {
  readonly issued?: string;
}

/** What of an output there is to read. */
export interface Written {
  readonly file: string;
  /** The bytes of its whole records. */
  readonly end: number;
  readonly headers: readonly string[];
  /** Whether a row of the input may lack in it, though a later one has its ticket: with `--on-duplicate reject`. */
  readonly hasGaps: boolean;
}

const REJECTED = 'a ticket was valid for its place, purpose and subject';

/**
 * The rows of the input, each with the row of the output that belongs to it. These are in the same order.
 *
 * @throws CommandLineError for an output of another input
 */
export async function* entries(guests: GuestList, written: Written): AsyncGenerator<Entry> {
  const records = csvRecords(written.file, written.end);
  const next = async () => ((await records.next()) as { value?: CsvRecord }).value;
  try {
    const header = await next();
    if (written.end > 0 && !isSame(header?.cells, written.headers)) throw foreign(written, header);
    let record = await next();
    for await (const guest of guests.guests()) {
      if (guest.problem !== undefined || !record) yield guest;
      else if (isSame(record.cells.slice(0, guest.cells.length), guest.cells)) {
        yield { ...guest, issued: uuidOf(record, written) };
        record = await next();
      } else if (written.hasGaps) yield { ...guest, problem: REJECTED };
      else throw foreign(written, record);
    }
    if (record) throw foreign(written, record);
  } finally {
    await records.return(undefined);
  }
}

function uuidOf(record: CsvRecord, written: Written): string {
  const uuid = canonicalUuid(record.cells.at(-3));
  if (uuid === undefined || record.cells.length !== written.headers.length) throw foreign(written, record);
  return uuid;
}

const isSame = (one: readonly string[] | undefined, other: readonly string[]): boolean =>
  one?.length === other.length && one.every((cell, index) => cell === other[index]);

export const foreign = ({ file }: Pick<Written, 'file'>, record?: Pick<CsvRecord, 'line'>): Error =>
  usageError(
    `${escaped(file)} is the output of another input, or of other flags (line ${record?.line ?? 1}): write another --out`,
  );
