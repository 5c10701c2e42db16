/** Cost of one hash, in the library and by hand: the library's default. */
export const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hashes at once: the library's default. */
export const CONCURRENCY = 3;

/** How much is measured, and the bars. */
export interface Plan {
  readonly rounds: number;
  /** Checks of a password in each stretch; each of the three ways has four stretches in a round. */
  readonly checks: number;
  /** Generated secrets checked in each stretch, one after the other. */
  readonly secrets: number;
  /** Concurrent guesses. */
  readonly guests: number;
  readonly bars: Bars;
}

export interface Bars {
  /** Maximum of the median ratio: the process's CPU for checks over that for bare argon2, `CONCURRENCY` at a time. */
  readonly overhead: number;
  /** Maximum of the median ratio: latency of generated secrets beside queued passwords over that beside bare argon2. */
  readonly slowdown: number;
  /** Memory that guesses may take beyond that of the running hashes, in MiB. */
  readonly spare: number;
}

export const FULL: Plan = {
  rounds: 9,
  checks: 12,
  secrets: 1000,
  guests: 1000,
  bars: { overhead: 1.05, slowdown: 1.5, spare: 64 },
};
/** For CI, whose machines are slow and noisy: finds a collapse, not a trend. */
export const QUICK: Plan = {
  rounds: 2,
  checks: 6,
  secrets: 200,
  guests: 1000,
  bars: { overhead: 1.4, slowdown: 5, spare: 192 },
};
