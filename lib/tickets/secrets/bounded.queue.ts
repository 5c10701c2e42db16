import { TicketOfficeBusyError } from '../ticket.errors.js';
import { type Argon2Settings, threadsForHashing } from './argon2.settings.js';

/** Runs at most `concurrency` pieces of work at once, lets at most `queue` more wait, and rejects the rest. */
export class BoundedQueue {
  readonly #concurrency: number;
  readonly #capacity: number;
  #running = 0;
  /** What begins the work that waits, in the order in which it came. */
  readonly #waiting = new Set<() => void>();

  constructor({ concurrency, queue }: Pick<Argon2Settings, 'concurrency' | 'queue'>) {
    this.#concurrency = Math.min(concurrency, threadsForHashing());
    this.#capacity = queue;
  }

  /**
   * Runs `work` in its turn.
   *
   * @param disconnected returns a signal that is aborted when nobody waits for the answer any more: work that has not
   * begun by then never begins. Called only for work that has to wait
   * @throws TicketOfficeBusyError when too many are waiting, or nobody waits for the answer any more
   */
  async run<T>(work: () => Promise<T>, disconnected?: () => AbortSignal): Promise<T> {
    if (this.#running < this.#concurrency) this.#running += 1;
    else await this.turn(disconnected?.());
    try {
      return await work();
    } finally {
      this.pass();
    }
  }

  private turn(disconnected?: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#capacity) throw full(this.#capacity);
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        disconnected?.removeEventListener('abort', abandon);
        resolve();
      };
      const abandon = (): void => {
        this.#waiting.delete(begin);
        reject(new TicketOfficeBusyError({ cause: disconnected?.reason }));
      };
      if (disconnected?.aborted) return abandon();
      this.#waiting.add(begin);
      disconnected?.addEventListener('abort', abandon, { once: true });
    });
  }

  /** Passes a turn that is over to the next: what comes new waits behind what waits already. */
  private pass(): void {
    const [next] = this.#waiting;
    if (!next) return void (this.#running -= 1);
    this.#waiting.delete(next);
    next();
  }
}

const full = (capacity: number): TicketOfficeBusyError =>
  new TicketOfficeBusyError({
    cause: new Error(
      `${capacity} passwords are waiting to be hashed already: raise argon2.queue, or limit the rate of guesses`,
    ),
  });
