/** How much is measured on each database, and the bars. */
export interface Plan {
  /** Tickets of each way. */
  readonly tickets: number;
  /** Tickets of each way before that, which do not count. */
  readonly warmUp: number;
  /** Tickets of one way, before it is the other's turn. */
  readonly stretch: number;
  /** Minimum of the ratio, ours/by hand. */
  readonly bar: number;
  /** Maximum growth of the heap, in MiB. */
  readonly growth: number;
}

export const BATCH = 500;

export const FULL: Plan = { tickets: 1_000_000, warmUp: 20_000, stretch: 20_000, bar: 0.5, growth: 100 };
/** For CI, whose machines are slow and noisy: finds a collapse, not a trend. */
export const QUICK: Plan = { tickets: 20_000, warmUp: 5000, stretch: 5000, bar: 0.2, growth: 100 };
