import { describe, isPlainObject, withoutUndefined } from './rules.js';

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

/** The least of OWASP's settings: 7 MiB, five times over. */
const FLOOR = { memoryCost: 7168, work: 7168 * 5 };
/** More than 4 GiB no server gives to one guest; RFC 9106, section 3.1, asks 8 KiB for each lane of the least memory. */
const CEILING: Argon2Cost = { memoryCost: 2 ** 22, timeCost: 2 ** 16, parallelism: 7168 / 8 };

const isCost = (name: string): name is keyof Argon2Cost => Object.hasOwn(CEILING, name);

/** What is wrong with the option `argon2`, and what to write; nothing when it is fine. */
export function argon2Complaint(value: unknown): string | undefined {
  const wanted = 'must be { memoryCost (KiB), timeCost, parallelism }, whole numbers of 1 or more';
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const given = withoutUndefined(value);
  for (const [name, count] of Object.entries(given)) {
    if (!isCost(name)) return `has no setting '${name}': it ${wanted}`;
    if (!Number.isSafeInteger(count) || (count as number) < 1)
      return `${wanted}: ${name} is ${describe(count)}`;
    if ((count as number) > CEILING[name]) return `${wanted}: ${name} is at most ${CEILING[name]}`;
  }
  const { memoryCost, timeCost } = { ...DEFAULT_COST, ...given };
  if (memoryCost >= FLOOR.memoryCost && memoryCost * timeCost >= FLOOR.work) return undefined;
  return `is too cheap: memoryCost at least ${FLOOR.memoryCost}, memoryCost × timeCost at least ${FLOOR.work}`;
}
