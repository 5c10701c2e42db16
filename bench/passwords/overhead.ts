import { median } from '../figures.js';
import { timeAll } from './at-once.js';
import { checkByHand } from './by-hand.js';
import type { Plan } from './plan.js';
import type { Subjects } from './subjects.js';

type Way = 'ours' | 'by-hand' | 'bare';

/** What the checks of a round took in each way, in s. */
type Times = Record<Way, number>;

/** Each way has its stretches before and after the others', so that a machine that slows down favours none. */
const STRETCHES: readonly Way[] = [
  ...(['ours', 'by-hand', 'bare'] as const),
  ...(['bare', 'by-hand', 'ours'] as const),
  ...(['by-hand', 'ours', 'bare'] as const),
  ...(['bare', 'ours', 'by-hand'] as const),
];
const OF_EACH = STRETCHES.length / 3;

/** The median of the rounds, the least, the most. */
export type Ratios = readonly [number, number, number];

/** What the library adds to argon2. */
export interface Overhead {
  readonly atOnce: number;
  readonly overByHand: Ratios;
  readonly overBare: Ratios;
  /** Medians for one check, in ms. */
  readonly each: Times;
}

/** Checks right passwords through the library, by hand, and by bare argon2 in turns, so many at a time. */
export async function measureOverhead(
  { human, authenticate, pool, bare }: Subjects,
  { rounds, checks }: Plan,
  atOnce: number,
): Promise<Overhead> {
  const ticket = (number: number) => human[number % human.length]!;
  const check: Record<Way, (number: number) => Promise<unknown>> = {
    ours: (number) => authenticate(ticket(number)),
    'by-hand': (number) => checkByHand(pool, ticket(number).uuid, bare),
    bare,
  };
  const measured: Times[] = [];
  for (let number = 0; number <= rounds; number += 1) {
    const round = { ours: 0, 'by-hand': 0, bare: 0 };
    for (const way of STRETCHES) round[way] += await timeAll(checks, atOnce, check[way]);
    // The first warms up.
    if (number > 0) measured.push(round);
  }
  const each = (way: Way) => (median(measured.map((round) => round[way])) / (OF_EACH * checks)) * 1000;
  return {
    atOnce,
    overByHand: ratiosOver('by-hand', measured),
    overBare: ratiosOver('bare', measured),
    each: { ours: each('ours'), 'by-hand': each('by-hand'), bare: each('bare') },
  };
}

function ratiosOver(way: Way, measured: readonly Times[]): Ratios {
  const ratios = measured.map((round) => round.ours / round[way]);
  return [median(ratios), Math.min(...ratios), Math.max(...ratios)];
}
