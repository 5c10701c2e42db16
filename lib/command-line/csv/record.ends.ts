import { createReadStream } from 'node:fs';

/** Where the records of a CSV file end, by the bytes that come before. */
export interface RecordEnds {
  readonly count: number;
  /** The ends of the last ones, the last one's last: as many as were asked for. */
  readonly last: readonly number[];
  /** How long the file is: longer than its records where the last one was torn. */
  readonly size: number;
}

const [QUOTE, LINE_FEED] = [0x22, 0x0a];

/**
 * Finds the line ends outside quotes. A doubled quote opens and closes at once.
 *
 * @param most of which the ends are kept
 */
export async function recordEnds(file: string, most: number): Promise<RecordEnds> {
  let [size, count, isQuoted] = [0, 0, false];
  const last: number[] = [];
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    // Not by `entries()`, which takes many times as long.
    for (let index = 0; index < chunk.length; index += 1) {
      if (chunk[index] === QUOTE) isQuoted = !isQuoted;
      if (chunk[index] !== LINE_FEED || isQuoted) continue;
      last[count % most] = size + index + 1;
      count += 1;
    }
    size += chunk.length;
  }
  const oldest = count % most;
  return { count, size, last: count < most ? last : [...last.slice(oldest), ...last.slice(0, oldest)] };
}
