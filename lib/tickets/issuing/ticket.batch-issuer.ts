import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Duplicates } from './duplicates.js';
import { TicketEvents } from '../events/ticket.events.js';
import { assertIssueMany, DEFAULT_BATCH, type IssueManyOptions } from '../input/issue-many.input.js';
import { type IssueInput, issueProblems } from '../input/issue.input.js';
import { Verifiers } from '../secrets/verifier.js';
import type { NewRow, TicketRow } from '../store/ticket.row.js';
import { OwnColumns } from '../own-columns.js';
import { TicketStore } from '../store/ticket.store.js';
import { inBatches } from './ticket.batches.js';
import {
  hasGeneratedSecret,
  issued,
  type IssuedTicket,
  type TicketDraft,
  TicketDrafts,
} from './ticket.drafts.js';
import { TicketInputError } from '../ticket.errors.js';
import { TicketSettings } from '../ticket.settings.js';
import { UuidSequence } from './ticket.uuid.js';

/** Gets the tickets of a batch before it is written, and is awaited. */
export type BeforeBatch<T> = (issued: readonly IssuedTicket<T>[]) => Promise<void>;

/** For a caller that keeps a record of its own of what is issued. */
interface Ledger<T> {
  readonly beforeBatch?: BeforeBatch<T> | undefined;
  /** The name of a lock that the transaction of each batch holds. */
  readonly lock?: string | undefined;
}

/** Issues many tickets: reads a batch of inputs, writes it in one statement, and hands its tickets out, one by one. */
@Injectable()
export class TicketBatchIssuer {
  constructor(
    private readonly store: TicketStore,
    private readonly duplicates: Duplicates,
    private readonly drafts: TicketDrafts,
    private readonly own: OwnColumns,
    private readonly verifiers: Verifiers,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
  ) {}

  async *issueMany<T>(
    inputs: Iterable<IssueInput<T>> | AsyncIterable<IssueInput<T>>,
    options: IssueManyOptions,
    beforeBatch?: BeforeBatch<T>,
    lock?: string,
  ): AsyncGenerator<IssuedTicket<T>, void, undefined> {
    assertIssueMany(inputs, options);
    const { batchSize = DEFAULT_BATCH, signal } = options;
    const uuids = new UuidSequence();
    const toDraft = (input: IssueInput, index: number) => {
      signal?.throwIfAborted();
      return this.draft(input, index);
    };
    signal?.throwIfAborted();
    for await (const drafts of inBatches(inputs, toDraft, Math.min(batchSize, this.own.mostRows))) {
      // Not by `yield*`, which takes twice as long for each.
      for (const ticket of await this.write<T>(drafts, uuids, signal, { beforeBatch, lock })) yield ticket;
      signal?.throwIfAborted();
    }
  }

  /** @throws TicketInputError with the index */
  private draft(input: IssueInput, index: number): TicketDraft {
    const problems = issueProblems(input, this.settings.now(), this.settings.maxAttempts, this.own);
    if (problems.length > 0) throw new TicketInputError('issueMany()', problems, { index });
    return this.drafts.draft(input);
  }

  private async write<T>(
    drafts: readonly TicketDraft[],
    uuids: UuidSequence,
    signal: AbortSignal | undefined,
    { beforeBatch, lock }: Ledger<T>,
  ): Promise<IssuedTicket<T>[]> {
    // Inputs that are at hand, and SQLite's driver, leave the process no turn for other work.
    await nextTurn();
    const rows = await this.rows(drafts, uuids, signal);
    const toTickets = (all: readonly TicketRow[]) => all.map((row, index) => issued<T>(row, drafts[index]!));
    const shown = beforeBatch && toTickets(rows);
    if (shown) await beforeBatch(shown);
    await nextTurn();
    signal?.throwIfAborted();
    // The tickets are made while the database is busy with their rows.
    const [tickets, written] = await Promise.all([
      shown ?? nextTurn().then(() => toTickets(rows)),
      this.insert(rows, drafts[0]!, lock),
    ]);
    for (const row of rows) this.events.emit('issued', row);
    // What the database has made of the app's own columns is known only now.
    return rows[0]!.own ? toTickets(written) : tickets;
  }

  private async insert(
    rows: readonly NewRow[],
    { onDuplicate }: TicketDraft,
    lock?: string,
  ): Promise<readonly TicketRow[]> {
    return onDuplicate === 'allow'
      ? this.store.insertAll(rows, lock)
      : [await this.duplicates.insert(rows[0]!, onDuplicate, undefined, lock)];
  }

  /** Hashes passwords and codes as many at once as may run: more would only wait. */
  private async rows(
    drafts: readonly TicketDraft[],
    uuids: UuidSequence,
    signal?: AbortSignal,
  ): Promise<NewRow[]> {
    // One instant for all, after the last was read: the source may have taken hours for them.
    const now = this.settings.now();
    const rows: NewRow[] = [];
    const slow: (() => Promise<void>)[] = [];
    for (const [index, draft] of drafts.entries()) {
      const uuid = uuids.next(now);
      if (hasGeneratedSecret(draft)) rows[index] = this.drafts.generatedRow(draft, uuid, now);
      else slow.push(async () => void (rows[index] = await this.drafts.row(draft, uuid, now, 'later')));
    }
    await runAtOnce(this.verifiers.concurrency, slow, signal);
    return rows;
  }
}

/** Does all the work, so many pieces of it at once, and begins none after one has failed or the signal was aborted. */
async function runAtOnce(
  most: number,
  work: readonly (() => Promise<void>)[],
  signal?: AbortSignal,
): Promise<void> {
  const rest = work.values();
  let hasFailed = false;
  const lane = async (): Promise<void> => {
    for (const piece of rest) {
      if (hasFailed) return;
      signal?.throwIfAborted();
      await piece();
    }
  };
  const lanes = Array.from({ length: most }, () =>
    lane().catch((error: unknown) => {
      hasFailed = true;
      throw error;
    }),
  );
  await Promise.all(lanes);
}
