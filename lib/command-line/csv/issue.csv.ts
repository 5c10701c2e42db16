import type { IssueInput } from '../../tickets/input/issue.input.js';
import type { DuplicateTicketError } from '../../tickets/ticket.errors.js';
import type { IssuedTicket } from '../../tickets/issuing/ticket.drafts.js';
import { codeOf, CommandLineError, exitCodeOf } from '../failure.js';
import type { Office } from '../office.js';
import { Progress } from '../progress.js';
import type { Session } from '../session.js';
import type { Entry } from './issued.rows.js';
import { addedCells, type LinksFile } from './links.file.js';
import type { ProcessLock } from './process.lock.js';
import { Report } from './report.js';

/** What a run works with. */
export interface CsvRun {
  readonly session: Session;
  readonly office: Office;
  readonly links: LinksFile;
  readonly lock: ProcessLock;
  readonly path: string | undefined;
  readonly batchSize: number;
  readonly total: number;
}

/** Issues a ticket for each row of the input that has none: the row of the output first, then the ticket. */
export class CsvIssue {
  private readonly progress: Progress;
  private readonly report: Report;
  /** The rows whose tickets are being issued, in their order. */
  private readonly waiting: Entry[] = [];
  private last: Entry | undefined;
  private undo: (() => Promise<void>) | undefined;
  /** Whether every row of the output has its ticket. */
  isSettled = true;

  constructor(private readonly run: CsvRun) {
    this.progress = new Progress(run.session.output, 'tickets issued');
    this.report = new Report(run.session.output, this.progress, run.total);
  }

  /** @throws CommandLineError when it was interrupted, after the running batch */
  async finish(entries: AsyncGenerator<Entry>): Promise<void> {
    const { signal } = this.run.session;
    const inputs = this.inputs(entries);
    try {
      // It ends with each row that is rejected; the inputs go on.
      while (!(await this.issue(inputs)));
      this.report.print();
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) throw error;
      const message = `interrupted: ${this.report.issued} tickets issued so far; the same command goes on from there`;
      throw new CommandLineError(message, exitCodeOf(error));
    } finally {
      this.progress.end();
      await inputs.return();
    }
  }

  /** @returns whether all inputs were taken */
  private async issue(inputs: AsyncGenerator<IssueInput, void>): Promise<boolean> {
    const { office, batchSize } = this.run;
    // Without `return`, by which the inputs would be closed.
    const unclosed = { [Symbol.asyncIterator]: () => ({ next: () => inputs.next() }) };
    try {
      for await (const _ of office.issuer.issueMany(unclosed, batchSize, (issued) => this.write(issued))) {
        this.isSettled = true;
        this.report.addIssued();
      }
      return true;
    } catch (error) {
      if (codeOf(error) !== 'TICKET_DUPLICATE') throw error;
      await this.undo?.();
      this.isSettled = true;
      const { uuid } = error as DuplicateTicketError;
      this.report.leaveOut(this.last!.line, `the ticket ${uuid} is valid for its place, purpose and subject`);
      return false;
    }
  }

  private async *inputs(entries: AsyncGenerator<Entry>): AsyncGenerator<IssueInput, void> {
    for await (const entry of entries) {
      this.run.session.signal.throwIfAborted();
      if (entry.problem !== undefined) this.report.leaveOut(entry.line, entry.problem);
      else if (entry.issued !== undefined) this.report.addPresent();
      else {
        this.waiting.push(entry);
        yield entry.input;
      }
    }
  }

  /** Awaited before a batch goes to the database. */
  private async write(issued: readonly IssuedTicket[]): Promise<void> {
    const { links, lock, office, path } = this.run;
    await lock.assertHeld();
    const batch = this.waiting.splice(0, issued.length);
    const rows = issued.map((one, index) => {
      const link = path === undefined ? undefined : office.tickets.url(path, one.credentials);
      return [...batch[index]!.cells, ...addedCells(one, link)];
    });
    this.isSettled = false;
    this.undo = await links.append(rows);
    this.last = batch.at(-1);
  }
}
