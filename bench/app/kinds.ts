/** The app with the ticket office in it, and the same app without. */
export const KINDS = ['with', 'without'] as const;
export type Kind = (typeof KINDS)[number];

/** A value of each kind of app. */
export type Each<T> = Record<Kind, T>;

/** What a start took, in ms. */
export interface Start {
  /** Until the office's modules were loaded. */
  readonly loading: number;
  /** From then until the app listened. */
  readonly starting: number;
}

/** How much is measured, and the bars. */
export interface Plan {
  /** Processes of each kind that are compared. */
  readonly pairs: number;
  /** Requests in each stretch. */
  readonly stretch: number;
  /** Stretches of each kind that count, after a warm-up. */
  readonly rounds: number;
  /** Starts of each kind. */
  readonly starts: number;
  /** Minimum of the median ratio of the rates, with/without. */
  readonly ratio: number;
  /** Most that a start takes longer with the office, in ms. */
  readonly startUp: number;
}

export const FULL: Plan = { pairs: 15, stretch: 2000, rounds: 6, starts: 15, ratio: 0.95, startUp: 50 };
/** For CI, whose machines are slow and noisy: finds a collapse, not a trend. */
export const QUICK: Plan = { pairs: 3, stretch: 500, rounds: 3, starts: 3, ratio: 0.7, startUp: 1000 };
