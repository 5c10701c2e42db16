import type { Writable } from 'node:stream';

/** Where a command writes: results to standard output, everything else to standard error. */
export class Output {
  /** Set by `--json`: results are JSON, and no progress is shown. */
  isJson = false;
  /** Of a command that ran to its end. */
  exitCode = 0;

  constructor(
    private readonly results: Writable,
    private readonly notes: Writable & { readonly isTTY?: boolean },
  ) {}

  /** Writes a result: as JSON with `--json`, in these lines without. */
  print(json: unknown, lines: readonly string[]): void {
    const text = this.isJson ? asJson(json) : lines.join('\n');
    if (text !== '') this.write(`${text}\n`);
  }

  /** Writes a text that was asked for as it is, such as help. */
  write(text: string): void {
    this.results.write(text);
  }

  /** Writes a sentence for people. */
  note(sentence: string): void {
    this.notes.write(`${sentence}\n`);
  }

  /** Writes over the line on a terminal, and a line of its own elsewhere. */
  get onTerminal(): boolean {
    return this.notes.isTTY === true;
  }

  /** Puts a text in place of the last line of the terminal. */
  overwrite(text: string): void {
    this.notes.write(`\r\u001B[K${text}`);
  }
}

/** What a terminal does not show as it is: it may move the cursor, or turn the order of letters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const codeUnits = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');

/** A text of tickets or errors, for a terminal: it cannot forge other output. */
export const escaped = (text: string): string => text.replace(UNSEEN, codeUnits);

// What JSON lets through is escaped within its strings; its own line breaks stay.
const asJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(UNSEEN, (character) =>
    character === '\n' ? character : codeUnits(character),
  );

/** Rows in columns, as wide as they need to be. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** An instant for people and programs: ISO 8601, UTC. */
export const instant = (date: Date | null): string => date?.toISOString() ?? '-';
