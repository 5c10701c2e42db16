import { median } from '../figures.js';
import { alongside, timeAll } from './at-once.js';
import { CONCURRENCY, type Plan } from './plan.js';
import type { Subjects } from './subjects.js';

/** Guests with human passwords: as many as are checked at once, and 30 in the queue. */
const PASSWORD_GUESTS = CONCURRENCY + 30;

/** Latency of generated secrets, in ms: medians of the rounds' medians. */
export interface Slowdown {
  /** While the queue for passwords is busy. */
  readonly queued: number;
  /** While as many bare hashes run as the library allows: the processors' share. */
  readonly bare: number;
  /** The first over the second: median, minimum and maximum of the rounds. */
  readonly ratios: readonly [number, number, number];
}

/** Measures the checks of a generated secret while human passwords are checked, and while bare hashes run. */
export async function measureSlowdown(subjects: Subjects, { rounds, secrets }: Plan): Promise<Slowdown> {
  const { human, generated, authenticate, bare } = subjects;
  const latency = async () => {
    const latencies: number[] = [];
    for (let count = 0; count < secrets; count += 1)
      latencies.push((await timeAll(1, 1, () => authenticate(generated))) * 1000);
    return median(latencies);
  };
  const guest = (number: number) => authenticate(human[number % human.length]!);
  const loads = {
    queued: () => alongside(PASSWORD_GUESTS, guest, latency),
    bare: () => alongside(CONCURRENCY, bare, latency),
  };
  const measured: { queued: number; bare: number }[] = [];
  for (let number = 0; number <= rounds; number += 1) {
    // Alternate, so that a machine that slows down favours neither.
    const order = number % 2 === 0 ? (['queued', 'bare'] as const) : (['bare', 'queued'] as const);
    const round = { queued: 0, bare: 0 };
    for (const load of order) round[load] = await loads[load]();
    // The first round warms up.
    if (number > 0) measured.push(round);
  }
  const ratios = measured.map((round) => round.queued / round.bare);
  return {
    queued: median(measured.map(({ queued }) => queued)),
    bare: median(measured.map((round) => round.bare)),
    ratios: [median(ratios), Math.min(...ratios), Math.max(...ratios)],
  };
}
