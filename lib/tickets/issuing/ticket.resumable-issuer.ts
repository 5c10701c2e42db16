import { type IssueInput, issueProblems } from '../input/issue.input.js';
import type { OwnColumns } from '../own-columns.js';
import type { NamedTicket } from '../store/ticket.row.js';
import type { TicketStore } from '../store/ticket.store.js';
import type { BeforeBatch, TicketBatchIssuer } from './ticket.batch-issuer.js';
import type { IssuedTicket } from './ticket.drafts.js';
import type { TicketSettings } from '../ticket.settings.js';

/**
 * One name for all runs: the next run of a killed one must know it, whatever that sees as the path of its files. A run
 * holds it for one batch at a time.
 */
const LOCK = 'tickets with a record of their own';

/**
 * Issues many tickets with a record beside the database, in which each is written first: a caller that was killed looks
 * up which of the last ones have a row, and goes on after them. At most one batch has none.
 */
export class ResumableIssuer {
  constructor(
    private readonly batches: TicketBatchIssuer,
    private readonly store: TicketStore,
    private readonly settings: TicketSettings,
    private readonly own: OwnColumns,
  ) {}

  /** What is wrong with an input; nothing when `issueMany` takes it. */
  problems(input: unknown): string[] {
    return issueProblems(input, this.settings.now(), this.settings.maxAttempts, this.own);
  }

  /**
   * @param record gets the tickets of a batch, and is awaited, before it is written
   * @throws as TicketService.issueMany() does
   */
  issueMany(
    inputs: AsyncIterable<IssueInput>,
    batchSize: number,
    record: BeforeBatch<unknown>,
  ): AsyncGenerator<IssuedTicket, void, undefined> {
    return this.batches.issueMany(inputs, { batchSize }, record, LOCK);
  }

  /** Those of these uuids that have a row, once no batch of a run is still on its way: the process may be gone before that. */
  present(uuids: readonly string[]): Promise<Map<string, NamedTicket>> {
    return this.store.present(uuids, LOCK);
  }
}
