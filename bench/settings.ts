/** Connections of each of the two pools: TypeORM's, and the one of the route by hand. */
export const POOL_SIZE = 16;
/** Concurrent requests. */
export const GUESTS = 32;

export const SECRET = 'a secret of the benchmark, and of nothing else';
export const PLACE = 'louvre';
export const PURPOSE = 'visit';

/** The response of every measured route. */
export const answerTo = (firstName: string) => ({ welcome: firstName });
export const FIRST_NAME = 'Léonard';

/** How much is measured, and the bar. */
export interface Plan {
  readonly warmUps: number;
  readonly rounds: number;
  /** Requests in each stretch; each of the two routes that redeem has six of them in a round. */
  readonly stretch: number;
  /** Minimum of the median ratio, ours/by hand. */
  readonly bar: number;
}

export const FULL: Plan = { warmUps: 5, rounds: 9, stretch: 200, bar: 0.7 };
/** For CI, whose machines are slow and noisy: finds a collapse, not a trend. */
export const QUICK: Plan = { warmUps: 1, rounds: 3, stretch: 100, bar: 0.45 };
