import { setTimeout as sleep } from 'node:timers/promises';
import { type TransientError, transientErrorOf } from './fault.js';

/** The longest wait before each retry, in ms. */
const RETRY_WAITS = {
  // Others hold a row for one statement, which is over soon, or for all of their work, which is not worth waiting for.
  taken: [5, 10, 20],
  // Many writers, each of which waits for the disk, take longer.
  contested: [5, 10, 20, 40, 80, 160],
  // The caller has waited in the queue, or the database for it, as long as is reasonable.
  held: [],
  undone: [30, 100, 300],
  lost: [30, 100, 300],
} satisfies Record<Exclude<TransientError, 'busy'>, number[]>;
/** How long a locked SQLite file is waited for, in ms: as long as its driver would, while blocking the process. */
const BUSY_TIMEOUT = 5000;
/** The longest wait before SQLite is asked again, in ms. */
const BUSY_WAIT = 20;

/**
 * Tries again after a transient error. Each wait has a random length, so that callers that met do not meet again.
 *
 * @param attempt gets whether an earlier try may have succeeded: its connection broke before the answer
 * @param isWorthwhile which transient errors to try again after
 * @throws the last error; at once, an error that is not transient
 */
export async function retry<T>(
  attempt: (isRetry: boolean) => Promise<T>,
  isWorthwhile: (transient: TransientError) => boolean = () => true,
): Promise<T> {
  const backoff = new Backoff();
  let isRetry = false;
  for (;;) {
    try {
      return await attempt(isRetry);
    } catch (error) {
      const transient = transientErrorOf(error);
      const wait = transient && isWorthwhile(transient) ? backoff.waitAfter(transient) : undefined;
      if (wait === undefined) throw error;
      isRetry ||= transient === 'lost';
      await sleep(wait);
    }
  }
}

class Backoff {
  private retries = 0;
  private waited = 0;

  /** The next wait in ms; `undefined`: no more tries. */
  waitAfter(transient: TransientError): number | undefined {
    if (transient === 'busy') return this.waitForFile();
    const longest: number | undefined = RETRY_WAITS[transient][this.retries];
    this.retries += 1;
    return longest && upperHalf(longest);
  }

  private waitForFile(): number | undefined {
    if (this.waited >= BUSY_TIMEOUT) return undefined;
    const wait = upperHalf(BUSY_WAIT);
    this.waited += wait;
    return wait;
  }
}

/** A random number between half of it and all of it. */
const upperHalf = (longest: number): number => longest * (0.5 + Math.random() / 2);
