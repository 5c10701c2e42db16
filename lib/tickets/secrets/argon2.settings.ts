import { describe, isPlainObject, withoutUndefined } from '../input/rules.js';

/** Cost of argon2id for human passwords. */
export interface Argon2Cost {
  /** Memory of one hash, in KiB. */
  readonly memoryCost: number;
  /** Passes over that memory. */
  readonly timeCost: number;
  /** Lanes (threads) of one hash. */
  readonly parallelism: number;
}

/** How human passwords are hashed: the cost of each hash, and how many run at once. */
export interface Argon2Settings extends Argon2Cost {
  /** Most hashes at the same time; never more than Node.js's threads less one. */
  readonly concurrency: number;
  /** Most hashes that wait; a guest beyond them gets 503. */
  readonly queue: number;
}

/** OWASP's recommendation (Password Storage Cheat Sheet): 19 MiB, two iterations. */
const DEFAULT_COST: Argon2Cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** The last guest in a full queue waits for a few seconds (some 25 ms for each hash, two or three at once). */
const DEFAULT_QUEUE = 200;

/**
 * How many of libuv's threads hashes may use: all but one, which stays free for files, name look-ups and databases.
 * Node.js has 4 of them, or the number in the environment variable UV_THREADPOOL_SIZE at its start.
 */
export function threadsForHashing(threads = process.env['UV_THREADPOOL_SIZE']): number {
  const all = threads === undefined ? 4 : Number.parseInt(threads, 10) || 1;
  return Math.max(1, all - 1);
}

/** The option `argon2`, with its defaults. */
export const argon2Settings = (given: Partial<Argon2Settings> = {}): Argon2Settings => ({
  ...DEFAULT_COST,
  concurrency: threadsForHashing(),
  queue: DEFAULT_QUEUE,
  ...withoutUndefined(given),
});

/** OWASP's least costly setting (Password Storage Cheat Sheet): 7 MiB, five iterations. */
const FLOOR = { memoryCost: 7168, work: 7168 * 5 };

const LEAST: Argon2Settings = { memoryCost: 1, timeCost: 1, parallelism: 1, concurrency: 1, queue: 0 };
/**
 * No server spares more than 4 GiB for one guest; RFC 9106, section 3.1, requires 8 KiB for each lane; libuv has at most
 * 1024 threads; in a longer queue guests only wait longer.
 */
const MOST: Argon2Settings = {
  memoryCost: 2 ** 22,
  timeCost: 2 ** 16,
  parallelism: FLOOR.memoryCost / 8,
  concurrency: 1024,
  queue: 100_000,
};

const isSetting = (name: string): name is keyof Argon2Settings => Object.hasOwn(MOST, name);

/** What is wrong with the option `argon2`, and what to write; nothing when it is fine. */
export function argon2Problem(value: unknown): string | undefined {
  const wanted =
    'must be { memoryCost (KiB), timeCost, parallelism, concurrency, queue }, or some of them: whole numbers';
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const given = withoutUndefined(value);
  for (const [name, count] of Object.entries(given)) {
    if (!isSetting(name)) return `has no setting '${name}': it ${wanted}`;
    const problem = numberProblem(count, LEAST[name], MOST[name]);
    if (problem) return `${wanted}: ${name} ${problem}`;
  }
  return costProblem({ ...DEFAULT_COST, ...given });
}

function numberProblem(value: unknown, least: number, most: number): string | undefined {
  if (!Number.isSafeInteger(value)) return `is ${describe(value)}`;
  return (value as number) >= least && (value as number) <= most ? undefined : `is from ${least} to ${most}`;
}

function costProblem({ memoryCost, timeCost }: Argon2Cost): string | undefined {
  if (memoryCost >= FLOOR.memoryCost && memoryCost * timeCost >= FLOOR.work) return undefined;
  return `is too cheap: memoryCost at least ${FLOOR.memoryCost}, memoryCost × timeCost at least ${FLOOR.work}`;
}

/**
 * The most that a stored verifier may cost, where the app's own cost is lower: libsodium's MODERATE (256 MiB, three
 * iterations). Without it, an attacker who can write to the database could make one guess take all of the server's
 * memory.
 */
const STORED_CEILING: Argon2Cost = { memoryCost: 262_144, timeCost: 64, parallelism: 16 };
const STORED_WORK = 262_144 * 3;

/** What argon2 can read (a salt of 8 bytes or more, RFC 9106, section 3.1): no password matches any other digest. */
const DIGEST =
  /^\$argon2id\$v=19\$m=(?<m>\d{1,7}),(?:t=(?<t>\d{1,5}),p=(?<p>\d{1,3})|p=(?<p2>\d{1,3}),t=(?<t2>\d{1,5}))\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{43}$/;

/** Whether argon2 accepts a cost (RFC 9106, section 3.1); it throws for less. */
const isEnough = ({ memoryCost, timeCost, parallelism }: Argon2Cost): boolean =>
  timeCost >= 1 && parallelism >= 1 && memoryCost >= 8 * parallelism;

const work = ({ memoryCost, timeCost }: Argon2Cost): number => memoryCost * timeCost;

/** The cost of checking a digest of argon2id, as its text says; `undefined` for any other text. */
export function costOf(digest: string): Argon2Cost | undefined {
  const { m, t, p, t2, p2 } = DIGEST.exec(digest)?.groups ?? {};
  const cost = { memoryCost: Number(m), timeCost: Number(t ?? t2), parallelism: Number(p ?? p2) };
  return isEnough(cost) ? cost : undefined;
}

/** Whether a stored digest may cost that much; `own` is the app's cost for new ones. */
export function isAffordable(stored: Argon2Cost, own: Argon2Cost): boolean {
  const isWithin = (name: keyof Argon2Cost) => stored[name] <= Math.max(STORED_CEILING[name], own[name]);
  return (
    isWithin('memoryCost') &&
    isWithin('timeCost') &&
    isWithin('parallelism') &&
    work(stored) <= Math.max(STORED_WORK, work(own))
  );
}
