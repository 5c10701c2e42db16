import { median } from '../figures.js';
import { timeAll } from './at-once.js';
import { checkByHand } from './by-hand.js';
import type { Plan } from './plan.js';
import type { Subjects } from './subjects.js';

type Way = 'ours' | 'by-hand' | 'bare';

/** The cost of a round's checks, each way. */
type Costs = Record<Way, Cost>;

interface Cost {
  /** In s. */
  time: number;
  /** Of this process, all its threads, in s; without the database's. */
  cpu: number;
}

/** Each way runs before and after the others, so that a machine that slows down favours none. */
const STRETCHES: readonly Way[] = [
  ...(['ours', 'by-hand', 'bare'] as const),
  ...(['bare', 'by-hand', 'ours'] as const),
  ...(['by-hand', 'ours', 'bare'] as const),
  ...(['bare', 'ours', 'by-hand'] as const),
];
const STRETCHES_EACH = STRETCHES.length / 3;

/** Median, minimum and maximum of the rounds. */
export type Ratios = readonly [number, number, number];

/** What the library adds to argon2. */
export interface Overhead {
  readonly atOnce: number;
  readonly overByHand: Ratios;
  readonly overBare: Ratios;
  /** Of the process's CPU. */
  readonly cpuOverBare: Ratios;
  /** Medians of the time of one check, in ms. */
  readonly each: Record<Way, number>;
}

/** Checks right passwords through the library, by hand and by bare argon2 in turns, `atOnce` at a time. */
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
  const measured: Costs[] = [];
  for (let number = 0; number <= rounds; number += 1) {
    const round: Costs = { ours: nothing(), 'by-hand': nothing(), bare: nothing() };
    for (const way of STRETCHES) await addCost(round[way], () => timeAll(checks, atOnce, check[way]));
    // The first round warms up.
    if (number > 0) measured.push(round);
  }
  const each = (way: Way) =>
    (median(measured.map((round) => round[way].time)) / (STRETCHES_EACH * checks)) * 1000;
  return {
    atOnce,
    overByHand: ratiosOver('by-hand', 'time', measured),
    overBare: ratiosOver('bare', 'time', measured),
    cpuOverBare: ratiosOver('bare', 'cpu', measured),
    each: { ours: each('ours'), 'by-hand': each('by-hand'), bare: each('bare') },
  };
}

const nothing = (): Cost => ({ time: 0, cpu: 0 });

async function addCost(cost: Cost, work: () => Promise<number>): Promise<void> {
  const before = process.cpuUsage();
  cost.time += await work();
  const { user, system } = process.cpuUsage(before);
  cost.cpu += (user + system) / 1e6;
}

function ratiosOver(way: Way, what: keyof Cost, measured: readonly Costs[]): Ratios {
  const ratios = measured.map((round) => round.ours[what] / round[way][what]);
  return [median(ratios), Math.min(...ratios), Math.max(...ratios)];
}
