import { median } from '../figures.js';
import { besides, timeAll } from './at-once.js';
import { CONCURRENCY, type Plan } from './plan.js';
import type { Subjects } from './subjects.js';

/** Guests at the desk for passwords, while its line is full. */
const LINE = CONCURRENCY + 30;

/** Latency of generated secrets, in ms: medians of the rounds' medians. */
export interface Hindrance {
  /** While the desk's line is full. */
  readonly full: number;
  /** While as many bare hashes run as the desk lets: what the processors alone cost. */
  readonly bare: number;
  /** The first over the second: the median of the rounds, the least, the most. */
  readonly ratios: readonly [number, number, number];
}

/** Shows a generated secret, again and again, while others are busy with passwords: through the desk, and without it. */
export async function measureHindrance(subjects: Subjects, { rounds, secrets }: Plan): Promise<Hindrance> {
  const { human, generated, authenticate, bare } = subjects;
  const latency = async () => {
    const latencies: number[] = [];
    for (let count = 0; count < secrets; count += 1)
      latencies.push((await timeAll(1, 1, () => authenticate(generated))) * 1000);
    return median(latencies);
  };
  const guest = (number: number) => authenticate(human[number % human.length]!);
  const rivals = {
    full: () => besides(LINE, guest, latency),
    bare: () => besides(CONCURRENCY, bare, latency),
  };
  const measured: { full: number; bare: number }[] = [];
  for (let number = 0; number <= rounds; number += 1) {
    // In turns, so that a machine that slows down favours neither.
    const order = number % 2 === 0 ? (['full', 'bare'] as const) : (['bare', 'full'] as const);
    const round = { full: 0, bare: 0 };
    for (const rival of order) round[rival] = await rivals[rival]();
    // The first warms up.
    if (number > 0) measured.push(round);
  }
  const ratios = measured.map((round) => round.full / round.bare);
  return {
    full: median(measured.map(({ full }) => full)),
    bare: median(measured.map((round) => round.bare)),
    ratios: [median(ratios), Math.min(...ratios), Math.max(...ratios)],
  };
}
