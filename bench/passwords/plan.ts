/** Cost of one hash, in the library and beside it: the library's own default, spelled out. */
export const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hashes at once: the library's default, spelled out. */
export const CONCURRENCY = 3;

/** How much is measured, and how good it has to be. */
export interface Plan {
  readonly rounds: number;
  /** Checks of a password in each stretch; each of the three ways has four stretches in a round. */
  readonly checks: number;
  /** Generated secrets that are shown in each stretch, one after the other. */
  readonly secrets: number;
  /** How many guess at the same time. */
  readonly guests: number;
  readonly bars: Bars;
}

export interface Bars {
  /** Most median of the process's CPU for checks over that for bare argon2, as many at a time as hashes may run. */
  readonly overhead: number;
  /** Most median of the latency of generated secrets while argon2's line is full over that beside bare argon2. */
  readonly hindrance: number;
  /** Most that guesses may take beyond the memory of the hashes that run, in MiB. */
  readonly spare: number;
}

export const FULL: Plan = {
  rounds: 9,
  checks: 12,
  secrets: 1000,
  guests: 1000,
  bars: { overhead: 1.05, hindrance: 1.5, spare: 64 },
};
/** For CI, whose machines are slow and noisy: finds a collapse, not a slope. */
export const QUICK: Plan = {
  rounds: 2,
  checks: 6,
  secrets: 200,
  guests: 1000,
  bars: { overhead: 1.4, hindrance: 5, spare: 192 },
};
