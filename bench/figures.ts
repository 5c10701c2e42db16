import type { Effort, Round, Route } from './round.js';

const rate = ({ requests, seconds }: Effort): number => requests / seconds;
const cost = ({ requests, cpu }: Effort): number => cpu / requests;

const ratioOf = (round: Round): number => rate(round.ours) / rate(round['by-hand']);

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

export function roundLine(round: Round, title: string): string {
  const rates = `ours ${rate(round.ours).toFixed(0)}/s, by hand ${rate(round['by-hand']).toFixed(0)}/s`;
  return `${title}: ${rates}, ratio ${ratioOf(round).toFixed(3)}`;
}

/** The medians of the rounds, as a table. */
export function summary(rounds: readonly Round[]): string {
  const line = (route: Route): string => {
    const rates = median(rounds.map((round) => rate(round[route])));
    const costs = median(rounds.map((round) => cost(round[route])));
    return `${route.padEnd(10)} ${rates.toFixed(0).padStart(7)}/s ${costs.toFixed(0).padStart(6)} µs of the server's CPU each`;
  };
  return (['ours', 'by-hand', 'unguarded'] as const).map(line).join('\n');
}

export interface Verdict {
  readonly passed: boolean;
  readonly text: string;
}

/** Compares the median ratio with the bar. */
export function verdict(rounds: readonly Round[], bar: number): Verdict {
  const ratios = rounds.map(ratioOf);
  const middle = median(ratios);
  const spread = `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`;
  const passed = middle >= bar;
  const words = passed ? 'reaches' : 'is BELOW';
  return {
    passed,
    text: `ours/by hand ${middle.toFixed(3)} (${spread}) ${words} the bar of ${bar.toFixed(2)}`,
  };
}
