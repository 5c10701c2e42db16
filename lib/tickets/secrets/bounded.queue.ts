import PQueue from 'p-queue';
import { TicketOfficeBusyError } from '../ticket.errors.js';
import { type Argon2Settings, threadsForHashing } from './argon2.settings.js';

/** What is done so many times at once, and what waits for that: as many as the option `argon2` says, and no more. */
export class BoundedQueue {
  readonly #queue: PQueue;
  readonly #capacity: number;

  constructor({ concurrency, queue }: Pick<Argon2Settings, 'concurrency' | 'queue'>) {
    this.#queue = new PQueue({ concurrency: Math.min(concurrency, threadsForHashing()) });
    this.#capacity = queue;
  }

  /** Whether nobody has to wait. */
  get isFree(): boolean {
    return this.#queue.pending < this.#queue.concurrency;
  }

  /**
   * @param signal aborted while `work` waits, it is never done
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
      `${capacity} passwords are waiting to be hashed already: raise argon2.queue, or throttle those who guess`,
    ),
  });
