import { Logger } from '@nestjs/common';
import { argon2id, hash, verify } from 'argon2';
import PQueue from 'p-queue';
import { type Argon2Settings, threadsForHashing } from './argon2.settings.js';
import { TicketOfficeBusyError } from './ticket.errors.js';

/** The costly hash for what humans can remember. Only {@link Argon2Desk} hands it out, one turn at a time. */
export class Argon2 {
  constructor(private readonly settings: Argon2Settings) {}

  /** @param key without which nobody can check a guess (RFC 9106's K) */
  hash(secret: string, key: Buffer): Promise<string> {
    const { memoryCost, timeCost, parallelism } = this.settings;
    return hash(secret, { memoryCost, timeCost, parallelism, type: argon2id, secret: key }).catch(
      outOfMemory,
    );
  }

  verify(digest: string, secret: string, key: Buffer): Promise<boolean> {
    return verify(digest, secret, { secret: key }).catch(outOfMemory);
  }
}

/** What is left for argon2 to fail at, on a digest that it can read: it gets no memory, or no thread. */
function outOfMemory(cause: unknown): never {
  throw new TicketOfficeBusyError({ cause });
}

/**
 * Where argon2 is to be had: so many turns at once, so many who wait, and nobody else. It bounds the memory that
 * guesses can take, and leaves a thread to the rest of the app.
 */
export class Argon2Desk {
  readonly #argon2: Argon2;
  readonly #line: PQueue;
  readonly #longest: number;

  constructor(settings: Argon2Settings) {
    const most = threadsForHashing();
    if (settings.concurrency > most)
      new Logger('TicketOffice').warn(tooFewThreads(settings.concurrency, most));
    this.#argon2 = new Argon2(settings);
    this.#line = new PQueue({ concurrency: Math.min(settings.concurrency, most) });
    this.#longest = settings.queue;
  }

  /**
   * Runs `work` when its turn has come. In it, argon2 is to be used once at a time.
   *
   * @param leaving makes a signal that is aborted when nobody waits for the answer any more: who has not had a turn
   * by then gets none
   * @throws TicketOfficeBusyError when too many are waiting, or the one who was has left
   */
  async inTurn<T>(work: (argon2: Argon2) => Promise<T>, leaving?: () => AbortSignal): Promise<T> {
    const isFree = this.#line.pending < this.#line.concurrency;
    if (isFree) return this.#line.add(() => work(this.#argon2));
    if (this.#line.size >= this.#longest) throw new TicketOfficeBusyError({ cause: fullLine(this.#longest) });
    return this.wait(work, leaving?.());
  }

  private async wait<T>(work: (argon2: Argon2) => Promise<T>, leaving?: AbortSignal): Promise<T> {
    // A signal of its own: the line would give the turn of who leaves in the midst of it to the next, though argon2 goes on.
    const waiting = new AbortController();
    const leave = (): void => waiting.abort(new TicketOfficeBusyError({ cause: leaving?.reason }));
    const stay = (): void => leaving?.removeEventListener('abort', leave);
    leaving?.addEventListener('abort', leave, { once: true });
    if (leaving?.aborted) leave();
    const turn = (): Promise<T> => {
      stay();
      return work(this.#argon2);
    };
    return this.#line.add(turn, { signal: waiting.signal }).finally(stay);
  }
}

const fullLine = (longest: number): Error =>
  new Error(
    `${longest} hashes of passwords are waiting already: raise argon2.queue, or throttle those who guess`,
  );

const tooFewThreads = (concurrency: number, most: number): string =>
  `argon2.concurrency is ${concurrency}, but no more than ${most} will run at once: one of Node.js's threads stays free. ` +
  `Start it with UV_THREADPOOL_SIZE=${concurrency + 1} for more`;
