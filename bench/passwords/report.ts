import type { Verdict } from '../figures.js';
import type { Slowdown } from './slowdown.js';
import type { Growth } from './memory.js';
import type { Overhead, Ratios } from './overhead.js';
import { CONCURRENCY, COST } from './plan.js';

const ratioText = ([middle, least, most]: Ratios): string =>
  `${middle.toFixed(3)} (${least.toFixed(3)} to ${most.toFixed(3)})`;

const judge = (found: number, bar: number, what: string, unit = ''): Verdict => {
  const passed = found <= bar;
  return { passed, text: `${what}: ${passed ? 'within' : 'ABOVE'} the bar of ${bar}${unit}` };
};

/** What the library adds, without a verdict. */
export const overheadLine = ({ atOnce, each, overByHand, overBare, cpuOverBare }: Overhead): string =>
  `passwords, ${atOnce} at a time: ${each.ours.toFixed(1)} ms each, by hand ${each['by-hand'].toFixed(1)} ms, ` +
  `bare argon2 ${each.bare.toFixed(1)} ms; time, ours/by hand ${ratioText(overByHand)}, ours/bare ${ratioText(overBare)}; ` +
  `CPU of the process, ours/bare ${ratioText(cpuOverBare)}`;

export const judgeOverhead = (overhead: Overhead, bar: number): Verdict =>
  judge(overhead.cpuOverBare[0], bar, overheadLine(overhead));

export const judgeSlowdown = ({ queued, bare, ratios }: Slowdown, bar: number): Verdict =>
  judge(
    ratios[0],
    bar,
    `generated secrets beside queued passwords: ${queued.toFixed(2)} ms each, beside bare argon2 ${bare.toFixed(2)} ms, ratio ${ratioText(ratios)}`,
  );

/** The bar is the memory of the concurrent hashes, plus `spare`. */
export function judgeGrowth({ way, growth, outcomes }: Growth, spare: number): Verdict {
  const bar = (CONCURRENCY * COST.memoryCost) / 1024 + spare;
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} × ${outcome}`);
  return judge(
    growth,
    bar,
    `wrong guesses ${way}: ${growth.toFixed(0)} MiB more, ${counts.join(', ')}`,
    ' MiB',
  );
}
