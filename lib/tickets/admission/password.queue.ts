import { AsyncResource } from 'node:async_hooks';
import type { Argon2Settings } from '../secrets/argon2.settings.js';
import { BoundedQueue } from '../secrets/bounded.queue.js';
import { TicketOfficeBusyError } from '../ticket.errors.js';

/**
 * The queue of guests whose passwords are checked: `concurrency` checks run at once, and `queue` more wait. Apart from
 * argon2's own queue, because a check waits for the database, too.
 */
export class PasswordQueue {
  readonly #queue: BoundedQueue;

  constructor(settings: Pick<Argon2Settings, 'concurrency' | 'queue'>) {
    this.#queue = new BoundedQueue(settings);
  }

  /**
   * Runs `work` in its turn.
   *
   * @param disconnected returns a signal that is aborted when nobody waits for the answer any more: work that has not
   * begun by then never begins
   * @throws TicketOfficeBusyError when too many are waiting, or the guest has disconnected while waiting
   */
  async run<T>(work: () => Promise<T>, disconnected?: () => AbortSignal): Promise<T> {
    return this.#queue.isFree ? this.#queue.add(work) : this.wait(work, disconnected?.());
  }

  private async wait<T>(work: () => Promise<T>, disconnected?: AbortSignal): Promise<T> {
    // A signal of its own: with the guest's, the queue would free the slot of work that still runs.
    const waiting = new AbortController();
    const abandon = (): void => waiting.abort(new TicketOfficeBusyError({ cause: disconnected?.reason }));
    const stay = (): void => disconnected?.removeEventListener('abort', abandon);
    disconnected?.addEventListener('abort', abandon, { once: true });
    if (disconnected?.aborted) abandon();
    // Bound: otherwise it would run in the async context of the guest before, whose end frees the slot.
    const turn = AsyncResource.bind((): Promise<T> => {
      stay();
      return work();
    });
    return this.#queue.add(turn, waiting.signal).finally(stay);
  }
}
