import { Logger } from '@nestjs/common';
import { argon2id, hash, verify } from 'argon2';
import { TicketOfficeBusyError } from '../ticket.errors.js';
import { type Argon2Cost, type Argon2Settings, threadsForHashing } from './argon2.settings.js';
import { BoundedQueue } from './bounded.queue.js';

/**
 * The costly hash, for passwords and codes. At most `concurrency` hashes run at once, which bounds their memory and leaves
 * a thread to the rest of the app. A hash waits for nothing but its turn: if it waited for a database connection, it could block
 * a caller that has one and waits for its own hash.
 */
export class Argon2 {
  /** The cost of one new hash. */
  readonly cost: Argon2Cost;
  readonly #queue: BoundedQueue;

  constructor(settings: Argon2Settings) {
    const { memoryCost, timeCost, parallelism, concurrency } = settings;
    const most = threadsForHashing();
    if (concurrency > most) new Logger('TicketOffice').warn(tooFewThreads(concurrency, most));
    this.cost = { memoryCost, timeCost, parallelism };
    this.#queue = new BoundedQueue(settings);
  }

  /**
   * @param key RFC 9106's secret value K: without it, nobody can check a guess
   * @throws TicketOfficeBusyError when too many are waiting, or there is no memory
   */
  hash(secret: string, key: Buffer): Promise<string> {
    return this.#queue.run(() => this.digest(secret, key));
  }

  /**
   * The same for a secret that guests need not wait behind: it never makes the queue refuse one of them, and is not
   * refused itself.
   */
  hashLast(secret: string, key: Buffer): Promise<string> {
    return this.#queue.runLast(() => this.digest(secret, key));
  }

  /** @throws as {@link hash} does */
  verify(digest: string, secret: string, key: Buffer): Promise<boolean> {
    return this.#queue.run(() => verify(digest, secret, { secret: key }).catch(outOfMemory));
  }

  /** Most hashes that run at the same time. */
  get concurrency(): number {
    return this.#queue.concurrency;
  }

  private digest(secret: string, key: Buffer): Promise<string> {
    return hash(secret, { ...this.cost, type: argon2id, secret: key }).catch(outOfMemory);
  }
}

/** On a digest that it can read, argon2 fails only when it gets no memory, or no thread. */
function outOfMemory(cause: unknown): never {
  throw new TicketOfficeBusyError({ cause });
}

const tooFewThreads = (concurrency: number, most: number): string =>
  `argon2.concurrency is ${concurrency}, but no more than ${most} will run at once: one of Node.js's threads stays free. ` +
  `Start it with UV_THREADPOOL_SIZE=${concurrency + 1} for more`;
