import { TicketOfficeBusyError } from '../ticket.errors.js';
import { type Argon2Settings, threadsForHashing } from './argon2.settings.js';

/** Runs at most `concurrency` pieces of work at once, lets at most `queue` more wait, and rejects the rest. */
export class BoundedQueue {
  readonly #concurrency: number;
  readonly #capacity: number;
  #running = 0;
  /** What begins the work that waits, in the order in which it came. */
  readonly #waiting = new Set<() => void>();
  /** What begins the work that waits for all of that. */
  readonly #last = new Set<() => void>();
  /** How many of those that run came by {@link runLast}. */
  #runningLast = 0;

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

  /**
   * The same for work in bulk: it waits for as long as it takes, behind whatever else waits, and takes no place of the
   * queue's from anybody: for each such piece that runs, one more may wait.
   */
  async runLast<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#concurrency) this.#running += 1;
    else await new Promise<void>((resolve) => this.#last.add(resolve));
    this.#runningLast += 1;
    try {
      return await work();
    } finally {
      this.#runningLast -= 1;
      this.pass();
    }
  }

  /** Most pieces of work that run at the same time. */
  get concurrency(): number {
    return this.#concurrency;
  }

  private turn(disconnected?: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#capacity + this.#runningLast) throw full(this.#capacity);
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
    const waiting = this.#waiting.size > 0 ? this.#waiting : this.#last;
    const [next] = waiting;
    if (!next) return void (this.#running -= 1);
    waiting.delete(next);
    next();
  }
}

const full = (capacity: number): TicketOfficeBusyError =>
  new TicketOfficeBusyError({
    cause: new Error(
      `${capacity} passwords are waiting to be hashed already: raise argon2.queue, or limit the rate of guesses`,
    ),
  });
