import { parseArgs } from 'node:util';
import { type Each, FULL, type Kind, KINDS, type Plan, QUICK, type Start } from './app/kinds.js';
import { Client } from './client.js';
import { median } from './figures.js';
import { ServerProcess } from './server.process.js';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const plan = values.quick ? QUICK : FULL;

const start = (kind: Kind): Promise<ServerProcess> =>
  ServerProcess.start(kind, { script: new URL('app/server.js', import.meta.url) });

/** One after the other, first the one and then the other, so that a machine that slows down favours neither. */
async function inTurns(rounds: number, once: (kind: Kind, round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round <= rounds; round += 1)
    for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) await once(kind, round);
}

async function startUps({ starts }: Plan): Promise<Each<Start[]>> {
  const times: Each<Start[]> = { with: [], without: [] };
  await inTurns(starts, async (kind, round) => {
    const server = await start(kind);
    // The first of each reads the files from the disk.
    if (round > 0) times[kind].push(await server.request<Start>({}));
    await server.stop();
  });
  return times;
}

/** Requests a second to a route that requires no ticket, of one process of each kind. */
async function ratesOfPair({ stretch, rounds }: Plan): Promise<Each<number[]>> {
  const servers: Each<ServerProcess> = { with: await start('with'), without: await start('without') };
  const clients: Each<Client> = {
    with: new Client(servers.with.port),
    without: new Client(servers.without.port),
  };
  const requests = Array.from({ length: stretch }, () => 'Ticket none');
  const found: Each<number[]> = { with: [], without: [] };
  try {
    await inTurns(rounds, async (kind, round) => {
      const begin = performance.now();
      await clients[kind].sendAll('/rooms/25/7', requests);
      if (round > 0) found[kind].push(stretch / ((performance.now() - begin) / 1000));
    });
  } finally {
    for (const kind of KINDS) {
      clients[kind].close();
      await servers[kind].stop();
    }
  }
  return found;
}

/** One after the other: of the same code, one process is faster than the next by a tenth, for as long as it lives. */
async function ratesOfPairs(effort: Plan): Promise<Each<number[]>[]> {
  const pairs: Each<number[]>[] = [];
  for (let pair = 0; pair < effort.pairs; pair += 1) pairs.push(await ratesOfPair(effort));
  return pairs;
}

/** Neighbours in time are compared, not medians of the whole run: the machine's speed changes. */
const ratioOf = (rates: Each<number[]>): number =>
  median(rates.with.map((one, index) => one / rates.without[index]!));

function report(
  what: string,
  unit: string,
  seen: Each<number[]>,
  typical: (values: readonly number[]) => number,
): Each<number> {
  const middle = { with: typical(seen.with), without: typical(seen.without) };
  console.log(
    `${what}: ${middle.with.toFixed(0)} ${unit} with the office, ${middle.without.toFixed(0)} without`,
  );
  return middle;
}

function judge(text: string, passed: boolean): void {
  console.log(`${text}: ${passed ? 'within the bar' : 'MISSES the bar'}`);
  if (!passed) process.exitCode = 1;
}

/** What else the machine does only ever adds to a time. */
const quickest = (times: readonly number[]): number => Math.min(...times);

const starts = await startUps(plan);
const timesOf = (name: keyof Start): Each<number[]> => ({
  with: starts.with.map((one) => one[name]),
  without: starts.without.map((one) => one[name]),
});
report('loading the modules of the office', 'ms', timesOf('loading'), quickest);
const started = report('start-up with 50 controllers', 'ms', timesOf('starting'), quickest);
const more = started.with - started.without;
judge(`${more.toFixed(0)} ms more, at most ${plan.startUp}`, more <= plan.startUp);

const pairs = await ratesOfPairs(plan);
const all = (kind: Kind): number[] => pairs.flatMap((rates) => rates[kind]);
report(
  'a route without decorators',
  'requests a second',
  { with: all('with'), without: all('without') },
  median,
);
const ratios = pairs.map(ratioOf);
console.log(`ratios of the pairs: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}`);
const ratio = median(ratios);
judge(`ratio ${ratio.toFixed(3)}, at least ${plan.ratio}`, ratio >= plan.ratio);
