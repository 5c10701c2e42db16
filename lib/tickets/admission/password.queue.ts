import { AsyncResource } from 'node:async_hooks';
import type { Argon2Settings } from '../secrets/argon2.settings.js';
import { BoundedQueue } from '../secrets/bounded.queue.js';
import { TicketOfficeBusyError } from '../ticket.errors.js';

/**
 * The line of guests whose passwords take argon2 to check: as many have a turn as hashes run at once, so many wait,
 * and nobody else. Apart from the hashes themselves, since in a turn one waits for the database, too.
 */
export class PasswordQueue {
  readonly #queue: BoundedQueue;

  constructor(settings: Pick<Argon2Settings, 'concurrency' | 'queue'>) {
    this.#queue = new BoundedQueue(settings);
  }

  /**
   * Runs `work` when its turn has come.
   *
   * @param disconnected makes a signal that is aborted when nobody waits for the answer any more: who has not had a turn
   * by then gets none
   * @throws TicketOfficeBusyError when too many are waiting, or the one who was has left
   */
  async run<T>(work: () => Promise<T>, disconnected?: () => AbortSignal): Promise<T> {
    return this.#queue.isFree ? this.#queue.add(work) : this.wait(work, disconnected?.());
  }

  private async wait<T>(work: () => Promise<T>, disconnected?: AbortSignal): Promise<T> {
    // A signal of its own: the line would give the turn of who leaves in the midst of it to the next, though its work goes on.
    const waiting = new AbortController();
    const abandon = (): void => waiting.abort(new TicketOfficeBusyError({ cause: disconnected?.reason }));
    const stay = (): void => disconnected?.removeEventListener('abort', abandon);
    disconnected?.addEventListener('abort', abandon, { once: true });
    if (disconnected?.aborted) abandon();
    // Bound: else it would run in the async context of the guest before, whose end gives the turn.
    const turn = AsyncResource.bind((): Promise<T> => {
      stay();
      return work();
    });
    return this.#queue.add(turn, waiting.signal).finally(stay);
  }
}
