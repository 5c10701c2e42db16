import { faultsOf } from '../support/faults.js';
import type { AppProcess } from './app.process.js';
import type { Point } from './checkpoints.js';
import type { AppServer } from './app.server.js';
import type { Guest, Outcome, Stopped } from './guest.js';
import type { Setup } from './setup.js';
import type { Route } from './routes.js';

/** A request that stalls at a point, with its process, while another takes its ticket over. */
export interface Stall {
  readonly point: Point;
  /** @default '' — see {@link Guest.ask} */
  readonly query?: string;
  /** What is answered to the stalled request. */
  readonly outcome: Outcome;
  /** Effects by the stalled request: it may have had one before, or have one when it wakes. */
  readonly effects: number;
  /** When it wakes: while the handler of the other runs, or after. */
  readonly wakes: 'during' | 'after';
}

interface Overtaking extends Stall {
  readonly guest: Guest;
  readonly slow: Stopped;
  readonly quick: Stopped;
}

/**
 * Requests stall, others take their tickets over through `late`, and the first ones go on.
 *
 * @returns what was wrong, in sentences; none: the answer to the stalled request says that it lost, and it changed nothing on the row
 */
export async function overtake(
  setup: Setup,
  { process, server, late }: { process: AppProcess; server: AppServer; late: AppServer },
  route: Route,
  stalls: readonly Stall[],
): Promise<string[]> {
  const stalled = await Promise.all(
    stalls.map(async (stall) => {
      const guest = await setup.invite();
      return { ...stall, guest, slow: await guest.stopAt(stall.point, server, route, stall.query) };
    }),
  );
  process.stall();
  const overtakings = await Promise.all(stalled.map((one) => takeOver(one, late, route)));
  const before = await Promise.all(stalled.map(({ guest }) => setup.row(guest.uuid)));
  process.wake();
  for (const { slow } of overtakings) slow.goOn();
  const faults = overtakings.map((one, index) => judge(setup, one, before[index]!, [server.name, late.name]));
  return (await Promise.all(faults)).flat();
}

async function takeOver(
  stalled: Omit<Overtaking, 'quick'>,
  late: AppServer,
  route: Route,
): Promise<Overtaking> {
  const quick = await stalled.guest.stopAt('in-handler', late, route);
  if (stalled.wakes === 'after') {
    quick.goOn();
    await quick.outcome;
  }
  return { ...stalled, quick };
}

async function judge(
  setup: Setup,
  { guest, point, wakes, slow, quick, ...expected }: Overtaking,
  before: Record<string, unknown>,
  [slowName, quickName]: [string, string],
): Promise<string[]> {
  const outcome = await slow.outcome;
  const row = await setup.row(guest.uuid);
  quick.goOn();
  const taken = await quick.outcome;
  const [used, effects] = [await setup.row(guest.uuid), await setup.effects(guest.uuid)];
  const faults = faultsOf({
    'answer to the stalled request': [outcome, expected.outcome],
    'row after it woke': [JSON.stringify(row), JSON.stringify(before)],
    'answer to the second request': [taken, '200'],
    'claim in the end': [String(used['claimId']), String(before['claimId'])],
    used: [used['usedAt'] !== null, true],
    'effects by the stalled request': [effects.filter((name) => name === slowName).length, expected.effects],
    'effects by the second request': [effects.filter((name) => name === quickName).length, 1],
  });
  return faults.map((fault) => `${point}, woken ${wakes}: ${fault}`);
}
