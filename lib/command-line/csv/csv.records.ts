import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { codeOf, usageError } from '../failure.js';
import { escaped } from '../output.js';

/** One record of a CSV file. */
export interface CsvRecord {
  /** On which it begins, counted from 1, as editors do. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** In UTF-16 code units: a quote that nobody closes makes one record of the rest of the file. */
const LONGEST = 2 ** 20;
const LINE_END = /\r\n|\n|\r/g;

/**
 * Reads a CSV file, record by record, in bounded memory; without the empty ones.
 *
 * @param end how many of its bytes to read; all by default
 * @throws CommandLineError for a file that is not UTF-8, or no CSV
 */
export async function* csvRecords(file: string, end?: number): AsyncGenerator<CsvRecord> {
  if (end === 0) return;
  let line = 1;
  // When the parser comes to it, which may throw before earlier records have been taken.
  const numbered = ({ record, raw }: { record: string[]; raw: string }): CsvRecord => {
    const begins = line;
    line += raw.match(LINE_END)?.length ?? 0;
    return { line: begins, cells: record };
  };
  const options = {
    raw: true,
    on_record: numbered as never,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: LONGEST,
  };
  const parser = pipeline(Readable.from(text(file, end)), parse(options), () => undefined);
  try {
    for await (const record of parser as AsyncIterable<CsvRecord>)
      if (record.cells.some((cell) => cell.trim() !== '')) yield record;
  } catch (error) {
    throw problemOf(file, line, error);
  }
}

/** Without the mark of UTF-8 at its beginning. */
async function* text(file: string, end: number | undefined): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const range = end === undefined ? {} : { end: end - 1 };
  for await (const chunk of createReadStream(file, range))
    yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}

const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_MAX_RECORD_SIZE: 'a row is longer than a megabyte, perhaps since a quote is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote: write two quotes for one within a cell',
  INVALID_OPENING_QUOTE:
    'a quote is within a cell: enclose the cell in quotes, and write two for the one within',
};

function problemOf(file: string, line: number, error: unknown): unknown {
  const code = String(codeOf(error));
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return usageError(`${escaped(file)} is not UTF-8: save it as “CSV UTF-8”`, error);
  const problem = PROBLEMS[code];
  return problem === undefined ? error : usageError(`${escaped(file)}, line ${line}: ${problem}`, error);
}
