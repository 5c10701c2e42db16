/** Cost of argon2id for human passwords. */
export interface Argon2Cost {
  /** Memory of one hash, in KiB. */
  readonly memoryCost: number;
  /** Passes over that memory. */
  readonly timeCost: number;
  /** Lanes (threads) of one hash. */
  readonly parallelism: number;
}

/** OWASP's recommendation (Password Storage Cheat Sheet): 19 MiB, twice over. */
export const DEFAULT_COST: Argon2Cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * The most that a stored verifier may ask for, where the app itself asks for less: libsodium's MODERATE (256 MiB,
 * three times over). Who can write to the database could otherwise make one guess cost all of the server's memory.
 */
const STORED_CEILING: Argon2Cost = { memoryCost: 262_144, timeCost: 64, parallelism: 16 };
const STORED_WORK = 262_144 * 3;

/** What argon2 can read (a salt of 8 bytes or more, RFC 9106 section 3.1): anything else is nobody's password. */
const DIGEST =
  /^\$argon2id\$v=19\$m=(?<m>\d{1,7}),(?:t=(?<t>\d{1,5}),p=(?<p>\d{1,3})|p=(?<p2>\d{1,3}),t=(?<t2>\d{1,5}))\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{43}$/;

/** Whether it is as much as argon2 does at the least (RFC 9106, section 3.1): of less it makes an error. */
const isEnough = ({ memoryCost, timeCost, parallelism }: Argon2Cost): boolean =>
  timeCost >= 1 && parallelism >= 1 && memoryCost >= 8 * parallelism;

const work = ({ memoryCost, timeCost }: Argon2Cost): number => memoryCost * timeCost;

/** What it costs to check a digest of argon2id, as its text says; `undefined` for what is none. */
export function costOf(digest: string): Argon2Cost | undefined {
  const { m, t, p, t2, p2 } = DIGEST.exec(digest)?.groups ?? {};
  const cost = { memoryCost: Number(m), timeCost: Number(t ?? t2), parallelism: Number(p ?? p2) };
  return isEnough(cost) ? cost : undefined;
}

/** Whether a stored digest costs no more than can be asked of this app, which has set `own` for new ones. */
export function isAffordable(stored: Argon2Cost, own: Argon2Cost): boolean {
  const isWithin = (name: keyof Argon2Cost) => stored[name] <= Math.max(STORED_CEILING[name], own[name]);
  return (
    isWithin('memoryCost') &&
    isWithin('timeCost') &&
    isWithin('parallelism') &&
    work(stored) <= Math.max(STORED_WORK, work(own))
  );
}

/** Whether `own` protects a password better than what is stored: by more memory or more work, and less of neither. */
export function isRaised(own: Argon2Cost, stored: Argon2Cost): boolean {
  const memory = own.memoryCost - stored.memoryCost;
  const effort = work(own) - work(stored);
  return memory >= 0 && effort >= 0 && memory + effort > 0;
}
