import { ownLength } from '../store/own-columns.js';
import type { TicketDraft } from './ticket.drafts.js';

/** Most JSON in one batch, in UTF-16 code units: with all escapes less than half of MariaDB's `max_allowed_packet`. */
const BATCH_LENGTH = 2 ** 20;

/**
 * Cuts inputs into batches, each of which one statement writes. A draft that looks at its duplicates is a batch of its
 * own: it takes a transaction, and when it is rejected, what came before is handed out already.
 *
 * @param most drafts in a batch; fewer where their data is long
 * @param toDraft gets the index of the input, too
 */
export async function* inBatches<I>(
  inputs: Iterable<I> | AsyncIterable<I>,
  toDraft: (input: I, index: number) => TicketDraft,
  most: number,
): AsyncGenerator<readonly TicketDraft[], void, undefined> {
  let batch = new Batch(most);
  let index = 0;
  for await (const input of inputs) {
    const draft = toDraft(input, index);
    index += 1;
    const isAlone = draft.onDuplicate !== 'allow';
    if (!isAlone) batch.add(draft);
    if (!isAlone && !batch.isFull) continue;
    if (batch.drafts.length > 0) yield batch.drafts;
    if (isAlone) yield [draft];
    batch = new Batch(most);
  }
  if (batch.drafts.length > 0) yield batch.drafts;
}

class Batch {
  readonly drafts: TicketDraft[] = [];
  private length = 0;

  constructor(private readonly most: number) {}

  get isFull(): boolean {
    return this.drafts.length >= this.most || this.length >= BATCH_LENGTH;
  }

  add(draft: TicketDraft): void {
    this.drafts.push(draft);
    this.length += draft.json.length + ownLength(draft.own);
  }
}
