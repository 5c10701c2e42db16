import { setTimeout as sleep } from 'node:timers/promises';
import { type TransientError, transientErrorOf } from './fault.js';

/** The longest wait before each retry, in ms. */
const RETRY_WAITS = {
  // Others hold a row for a statement, or for all of their work: the former is over soon, the latter not worth waiting.
  taken: [5, 10, 20],
  // Where many come for a statement each, and each has to be on the disk, that takes longer.
  contested: [5, 10, 20, 40, 80, 160],
  // Who comes for this was in line for as long as is reasonable.
  held: [],
  undone: [30, 100, 300],
  lost: [30, 100, 300],
} satisfies Record<Exclude<TransientError, 'busy'>, number[]>;
/** How long a locked SQLite file is waited for, in ms: as long as its driver would, while blocking the process. */
const BUSY_TIMEOUT = 5000;
/** The longest wait before SQLite is asked again, in ms. */
const BUSY_WAIT = 20;

/**
 * Tries again what failed for a passing fault, after a wait of random length, so that those who met do not meet again.
 *
 * @param attempt told whether an earlier try may have done it already: its connection broke before the answer
 * @throws the last error, when patience is at an end; at once, one that is no passing fault
 */
export async function retry<T>(
  attempt: (again: boolean) => Promise<T>,
  isWorthwhile: (transient: TransientError) => boolean = () => true,
): Promise<T> {
  const backoff = new Backoff();
  let again = false;
  for (;;) {
    try {
      return await attempt(again);
    } catch (error) {
      const transient = transientErrorOf(error);
      const wait = transient && isWorthwhile(transient) ? backoff.waitAfter(transient) : undefined;
      if (wait === undefined) throw error;
      again ||= transient === 'lost';
      await sleep(wait);
    }
  }
}

class Backoff {
  private retries = 0;
  private waited = 0;

  /** In ms; `undefined`: no more. */
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

/** Between half of it and all. */
const upperHalf = (longest: number): number => longest * (0.5 + Math.random() / 2);
