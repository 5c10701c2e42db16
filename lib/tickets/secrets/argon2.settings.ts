import { type Argon2Cost, DEFAULT_COST } from './argon2.cost.js';

/** How human passwords are hashed: at what cost each, and how many at once. */
export interface Argon2Settings extends Argon2Cost {
  /** Most hashes at the same time. */
  readonly concurrency: number;
  /** Most hashes that wait; whoever comes then is told to come again (503). */
  readonly queue: number;
}

/** A guest who is last in a full line waits for a few seconds (some 25 ms for each hash, two or three at once). */
const DEFAULT_QUEUE = 200;

/**
 * How many of libuv's threads hashes may have: all but one, which stays free for files, name look-ups and databases.
 * Node.js has 4 of them, or as many as the environment variable UV_THREADPOOL_SIZE says when it starts.
 */
export function threadsForHashing(threads = process.env['UV_THREADPOOL_SIZE']): number {
  const all = threads === undefined ? 4 : Number.parseInt(threads, 10) || 1;
  return Math.max(1, all - 1);
}

export const argon2Defaults = (): Argon2Settings => ({
  ...DEFAULT_COST,
  concurrency: threadsForHashing(),
  queue: DEFAULT_QUEUE,
});
