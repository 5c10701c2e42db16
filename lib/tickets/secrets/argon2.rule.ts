import { describe, isPlainObject, withoutUndefined } from '../input/rules.js';
import { type Argon2Cost, DEFAULT_COST } from './argon2.cost.js';
import type { Argon2Settings } from './argon2.settings.js';

/** The least of OWASP's settings (Password Storage Cheat Sheet): 7 MiB, five times over. */
const FLOOR = { memoryCost: 7168, work: 7168 * 5 };

const LEAST: Argon2Settings = { memoryCost: 1, timeCost: 1, parallelism: 1, concurrency: 1, queue: 0 };
/**
 * More than 4 GiB no server gives to one guest; RFC 9106, section 3.1, asks 8 KiB for each lane of the least memory;
 * libuv has at most 1024 threads; and a longer line only keeps people waiting.
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
export function argon2Complaint(value: unknown): string | undefined {
  const wanted =
    'must be { memoryCost (KiB), timeCost, parallelism, concurrency, queue }, or some of them: whole numbers';
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const given = withoutUndefined(value);
  for (const [name, count] of Object.entries(given)) {
    if (!isSetting(name)) return `has no setting '${name}': it ${wanted}`;
    const complaint = numberComplaint(count, LEAST[name], MOST[name]);
    if (complaint) return `${wanted}: ${name} ${complaint}`;
  }
  return costComplaint({ ...DEFAULT_COST, ...given });
}

function numberComplaint(value: unknown, least: number, most: number): string | undefined {
  if (!Number.isSafeInteger(value)) return `is ${describe(value)}`;
  return (value as number) >= least && (value as number) <= most ? undefined : `is from ${least} to ${most}`;
}

function costComplaint({ memoryCost, timeCost }: Argon2Cost): string | undefined {
  if (memoryCost >= FLOOR.memoryCost && memoryCost * timeCost >= FLOOR.work) return undefined;
  return `is too cheap: memoryCost at least ${FLOOR.memoryCost}, memoryCost × timeCost at least ${FLOOR.work}`;
}
