import type * as argon2 from 'argon2';
import { type Barrier, barrier } from './barrier.js';

/** The real argon2, counted, and held up where a test says so. For `vi.mock('argon2', …)`. */
class Hashes {
  running = 0;
  /** The most that ran at the same time. */
  most = 0;
  /** How many were begun. */
  begun = 0;
  #hold: Barrier | undefined;
  readonly #awaited: { count: number; barrier: Barrier }[] = [];

  /** Begins to count, and lets no hash end before {@link letGo}. */
  hold(): void {
    Object.assign(this, { running: 0, most: 0, begun: 0 });
    this.#hold = barrier();
  }

  letGo(): void {
    this.#hold?.open();
    this.#hold = undefined;
  }

  /** Resolves once so many run. */
  async areRunning(count: number): Promise<void> {
    const awaited = { count, barrier: barrier() };
    this.#awaited.push(awaited);
    this.tell();
    await awaited.barrier.opened;
  }

  async run<T>(hash: () => Promise<T>): Promise<T> {
    this.running += 1;
    this.begun += 1;
    this.most = Math.max(this.most, this.running);
    this.tell();
    try {
      await this.#hold?.opened;
      return await hash();
    } finally {
      this.running -= 1;
    }
  }

  private tell(): void {
    for (const { count, barrier: reached } of this.#awaited) if (this.running >= count) reached.open();
  }
}

export const hashes = new Hashes();

export function heldArgon2(real: typeof argon2): object {
  const hash = (...given: Parameters<typeof argon2.hash>) => hashes.run(() => real.hash(...given));
  const verify = (...given: Parameters<typeof argon2.verify>) => hashes.run(() => real.verify(...given));
  return { ...real, hash, verify };
}
