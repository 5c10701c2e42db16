import PQueue from 'p-queue';
import { TicketOfficeBusyError } from '../ticket.errors.js';
import { type Argon2Settings, threadsForHashing } from './argon2.settings.js';

/** Runs at most `concurrency` pieces of work at once, lets at most `queue` more wait, and rejects the rest. */
export class BoundedQueue {
  readonly #queue: PQueue;
  readonly #capacity: number;

  constructor({ concurrency, queue }: Pick<Argon2Settings, 'concurrency' | 'queue'>) {
    this.#queue = new PQueue({ concurrency: Math.min(concurrency, threadsForHashing()) });
    this.#capacity = queue;
  }

  /** Whether new work would run at once. */
  get isFree(): boolean {
    return this.#queue.pending < this.#queue.concurrency;
  }

  /**
   * @param signal when it is aborted while `work` waits, `work` never runs
   * @throws TicketOfficeBusyError when too many are waiting
   */
  async add<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (!this.isFree && this.#queue.size >= this.#capacity) throw full(this.#capacity);
    return this.#queue.add(work, signal && { signal });
  }
}

const full = (capacity: number): TicketOfficeBusyError =>
  new TicketOfficeBusyError({
    cause: new Error(
      `${capacity} passwords are waiting to be hashed already: raise argon2.queue, or limit the rate of guesses`,
    ),
  });
