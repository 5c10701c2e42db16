import PQueue from 'p-queue';
import { TicketOfficeBusyError } from '../ticket.errors.js';
import { type Argon2Settings, threadsForHashing } from './argon2.settings.js';

/** What is done so many times at once, and what waits for that: as many as the option `argon2` says, and no more. */
export class BoundedLine {
  readonly #line: PQueue;
  readonly #longest: number;

  constructor({ concurrency, queue }: Pick<Argon2Settings, 'concurrency' | 'queue'>) {
    this.#line = new PQueue({ concurrency: Math.min(concurrency, threadsForHashing()) });
    this.#longest = queue;
  }

  /** Whether nobody has to wait. */
  get isFree(): boolean {
    return this.#line.pending < this.#line.concurrency;
  }

  /**
   * @param signal aborted while `work` waits, it is never done
   * @throws TicketOfficeBusyError when too many are waiting
   */
  async add<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (!this.isFree && this.#line.size >= this.#longest) throw full(this.#longest);
    return this.#line.add(work, signal && { signal });
  }
}

const full = (longest: number): TicketOfficeBusyError =>
  new TicketOfficeBusyError({
    cause: new Error(
      `${longest} passwords are waiting to be hashed already: raise argon2.queue, or throttle those who guess`,
    ),
  });
