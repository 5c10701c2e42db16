import { faultsOf } from '../support/faults.js';
import type { AppProcess } from './app.process.js';
import type { Point } from './checkpoints.js';
import type { Door } from './door.js';
import type { Guest, Outcome, Stopped } from './guest.js';
import type { House } from './house.js';
import type { Route } from './routes.js';

/** A request that stalls at a point, with its process, while another takes its ticket over. */
export interface Stall {
  readonly point: Point;
  /** @default '' — see {@link Guest.ask} */
  readonly query?: string;
  /** What is answered to who stalled. */
  readonly outcome: Outcome;
  /** Effects by who stalled: it may have had one before, or have one when it wakes. */
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
 * @returns what was wrong, in sentences; none: who had stalled was told so, and changed nothing on the row
 */
export async function overtake(
  house: House,
  { process, door, late }: { process: AppProcess; door: Door; late: Door },
  route: Route,
  stalls: readonly Stall[],
): Promise<string[]> {
  const stalled = await Promise.all(
    stalls.map(async (stall) => {
      const guest = await house.invite();
      return { ...stall, guest, slow: await guest.stopAt(stall.point, door, route, stall.query) };
    }),
  );
  process.stall();
  const overtakings = await Promise.all(stalled.map((one) => takeOver(one, late, route)));
  const before = await Promise.all(stalled.map(({ guest }) => house.row(guest.uuid)));
  process.wake();
  for (const { slow } of overtakings) slow.goOn();
  const faults = overtakings.map((one, index) => judge(house, one, before[index]!, [door.name, late.name]));
  return (await Promise.all(faults)).flat();
}

async function takeOver(stalled: Omit<Overtaking, 'quick'>, late: Door, route: Route): Promise<Overtaking> {
  const quick = await stalled.guest.stopAt('in-handler', late, route);
  if (stalled.wakes === 'after') {
    quick.goOn();
    await quick.outcome;
  }
  return { ...stalled, quick };
}

async function judge(
  house: House,
  { guest, point, wakes, slow, quick, ...expected }: Overtaking,
  before: Record<string, unknown>,
  [slowName, quickName]: [string, string],
): Promise<string[]> {
  const outcome = await slow.outcome;
  const row = await house.row(guest.uuid);
  quick.goOn();
  const taken = await quick.outcome;
  const [used, effects] = [await house.row(guest.uuid), await house.effects(guest.uuid)];
  const faults = faultsOf({
    'answer to who stalled': [outcome, expected.outcome],
    'row after it woke': [JSON.stringify(row), JSON.stringify(before)],
    'answer to who took over': [taken, '200'],
    'claim in the end': [String(used['claimId']), String(before['claimId'])],
    used: [used['usedAt'] !== null, true],
    'effects by who stalled': [effects.filter((name) => name === slowName).length, expected.effects],
    'effects by who took over': [effects.filter((name) => name === quickName).length, 1],
  });
  return faults.map((fault) => `${point}, woken ${wakes}: ${fault}`);
}
