import { stat } from 'node:fs/promises';
import type { IssueInput } from '../../tickets/input/issue.input.js';
import { messageOf, usageError } from '../failure.js';
import { escaped } from '../output.js';
import { csvRecords, type CsvRecord } from './csv.records.js';
import { type Common, GuestColumns } from './guest.columns.js';

/** A row of the input: the input of its ticket, or why it cannot have one. */
export interface Guest extends CsvRecord {
  readonly input: IssueInput;
  readonly problem?: string;
}

/** The input: a CSV file of guests. */
export class GuestList {
  private constructor(
    private readonly file: string,
    readonly columns: GuestColumns,
    private readonly problems: (input: unknown) => string[],
  ) {}

  /**
   * @param problems what the ticket office has against an input
   * @throws CommandLineError for a file that is none, or whose headers leave something open
   */
  static async open(
    file: string,
    common: Partial<Common>,
    problems: (input: unknown) => string[],
  ): Promise<GuestList> {
    const found = await stat(file).catch((error: unknown) => {
      throw usageError(`cannot read ${escaped(file)}: ${messageOf(error)}`, error);
    });
    // It is read several times, and after a kill again.
    if (!found.isFile()) throw usageError(`${escaped(file)} is no file`);
    for await (const { cells } of csvRecords(file))
      return new GuestList(file, new GuestColumns(file, cells, common), problems);
    throw usageError(`${escaped(file)} is empty: its first line must name its columns`);
  }

  /** Its rows, in their order, each time anew. */
  async *guests(): AsyncGenerator<Guest> {
    let isHeader = true;
    for await (const record of csvRecords(this.file)) {
      if (!isHeader) yield this.guest(record);
      isHeader = false;
    }
  }

  private guest(record: CsvRecord): Guest {
    const input = this.columns.input(record.cells);
    const problem = this.columns.problem(record.cells) ?? this.problems(input).join('; ');
    return problem === '' ? { ...record, input } : { ...record, input, problem };
  }
}
