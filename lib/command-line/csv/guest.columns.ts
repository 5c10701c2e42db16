import { toDuration } from '../../tickets/input/duration.js';
import type { IssueInput } from '../../tickets/input/issue.input.js';
import { usageError } from '../failure.js';
import { escaped } from '../output.js';

/** The columns that are fields of the ticket; of all others its `data` is made. */
const FIELDS = ['subject', 'expiresIn', 'place', 'purpose'] as const;
type Field = (typeof FIELDS)[number];

/** What the output may add to the input's columns. */
const ADDED = ['uuid', 'link', 'password', 'expiresAt'];
/** Names that JSON and JavaScript read differently. */
const UNSAFE = new Set(['__proto__', 'toJSON']);

/** What all tickets of a run have in common: what flags say. */
export type Common = Pick<IssueInput, 'place' | 'purpose' | 'expiresIn' | 'password' | 'onDuplicate'>;

/** How a row of the input becomes a ticket, by its headers. */
export class GuestColumns {
  private readonly fields: ReadonlyMap<string, number>;

  /** @throws CommandLineError for headers that leave something open */
  constructor(
    file: string,
    readonly headers: readonly string[],
    private readonly common: Partial<Common>,
  ) {
    const problem = headerProblem(headers) ?? this.missing(headers);
    if (problem !== undefined) throw usageError(`${escaped(file)}: ${problem}`);
    this.fields = new Map(headers.map((header, index) => [header, index]));
  }

  /** Why the cells are no row of these columns; nothing when they are. */
  problem(cells: readonly string[]): string | undefined {
    const [is, wanted] = [cells.length, this.headers.length];
    if (is !== wanted) return `it has ${is} cell${is === 1 ? '' : 's'}, and not ${wanted}`;
    const life = this.cell(cells, 'expiresIn');
    if (life === '' || toDuration(life) !== undefined) return undefined;
    return 'expiresIn must be a duration, such as 24h or 5d';
  }

  /** A cell comes before its flag; an empty one is as if absent. */
  input(cells: readonly string[]): IssueInput {
    const given: Record<string, unknown> = { ...this.common };
    for (const field of FIELDS) {
      const cell = this.cell(cells, field);
      if (cell !== '') given[field] = cell;
    }
    const others = this.headers
      .map((header, index) => [header, cells[index]!] as const)
      .filter(([header]) => !isField(header));
    return { ...given, data: Object.fromEntries(others) } as unknown as IssueInput;
  }

  private cell(cells: readonly string[], field: Field): string {
    return cells[this.fields.get(field) ?? -1] ?? '';
  }

  private missing(headers: readonly string[]): string | undefined {
    for (const name of ['place', 'purpose'] as const) {
      if (this.common[name] === undefined && !headers.includes(name))
        return `there is no column ${name}: add it, or --${name} for all rows`;
    }
    const { onDuplicate = 'allow' } = this.common;
    return onDuplicate === 'allow' || headers.includes('subject')
      ? undefined
      : `there is no column subject, by which --on-duplicate ${onDuplicate} knows a guest: add it`;
  }
}

const isField = (header: string): header is Field => (FIELDS as readonly string[]).includes(header);

function headerProblem(headers: readonly string[]): string | undefined {
  const [only = ''] = headers;
  if (headers.length === 1 && /[;\t]/.test(only)) return 'its cells must be separated by commas';
  for (const [index, header] of headers.entries()) {
    const named = `the column “${escaped(header)}”`;
    if (header === '') return `the column ${index + 1} has no name in the first line: write one`;
    if (header.trim() !== header) return `${named} has blanks around its name: remove them`;
    if (headers.indexOf(header) !== index) return `${named} is there twice: rename one`;
    if (ADDED.includes(header))
      return `${named} is one that the output adds (${ADDED.join(', ')}): rename it`;
    if (UNSAFE.has(header)) return `${named} cannot be a field of data: rename it`;
  }
  return undefined;
}
