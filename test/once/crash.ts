import { faultsOf } from '../support/faults.js';
import type { AppProcess } from './app.process.js';
import type { Point } from './checkpoints.js';
import type { Door } from './door.js';
import type { Guest, Outcome, Stopped } from './guest.js';
import type { House } from './house.js';
import type { Remains, RemainsAt } from './remains.js';
import type { Route } from './routes.js';

/** A request that ended with its process. */
export interface Casualty {
  readonly guest: Guest;
  readonly route: Route;
  readonly point: Point;
  readonly stopped: Stopped;
  /** What it should have left behind. */
  readonly remains: Remains;
}

/** Stops one request at each of the points, then ends the process that runs them all. */
export async function crash(
  house: House,
  { process, door, route }: { process: AppProcess; door: Door; route: Route },
  expected: RemainsAt,
  end: 'kill' | 'stop' = 'kill',
): Promise<Casualty[]> {
  const casualties = await Promise.all(
    (Object.entries(expected) as [Point, Remains][]).map(async ([point, remains]) => {
      const guest = await house.invite();
      return { guest, route, point, remains, stopped: await guest.stopAt(point, door, route) };
    }),
  );
  await process[end]();
  return casualties;
}

/**
 * The guest comes again, to another process.
 *
 * @returns what was wrong, in sentences; none: one success at most, and a ticket that is claimed for ever can be seen
 * and reopened
 */
export async function inspect(house: House, door: Door, casualty: Casualty): Promise<string[]> {
  const { guest, route, remains } = casualty;
  const isClaimed = remains.ticket === 'claimed';
  const stayed = remains.effects + Number(remains.ticket === 'free');
  const effects = async () => (await house.effects(guest.uuid)).length;
  return faultsAt(casualty, {
    'answer of the process that ended': [await casualty.stopped.outcome, 'none'],
    'effects of the process that ended': [await effects(), remains.effects],
    'answer to the next': [await nextAnswer(door, casualty), ANSWERS[remains.ticket]],
    'effects then': [await effects(), stayed],
    'listed as claimed': [await isListed(house, guest), isClaimed],
    reopened: [await house.tickets.reopen(guest.uuid), isClaimed],
    'answer when reopened': [await guest.visit(door, route), isClaimed ? '200' : ANSWERS.used],
    'effects when reopened': [await effects(), stayed + Number(isClaimed)],
    'answer in the end': [await guest.visit(door, route), ANSWERS.used],
  });
}

/**
 * The guest comes again, before and after the claim counts as abandoned.
 *
 * @returns what was wrong, in sentences; none: one success, and only after that time
 */
export async function inspectAbandoned(
  house: House,
  { early, late }: { early: Door; late: Door },
  casualty: Casualty,
): Promise<string[]> {
  const { guest, route, remains } = casualty;
  return faultsAt(casualty, {
    'answer before that time': [await guest.visit(early, route), ANSWERS.claimed],
    'answer after that time': [await guest.visit(late, route), '200'],
    'answer in the end': [await guest.visit(early, route), ANSWERS.used],
    effects: [(await house.effects(guest.uuid)).length, remains.effects + 1],
  });
}

const ANSWERS: Record<Remains['ticket'], Outcome> = {
  free: '200',
  claimed: '409 TICKET_BUSY',
  used: '403 TICKET_USED',
};

const faultsAt = ({ point }: Casualty, facts: Parameters<typeof faultsOf>[0]): string[] =>
  faultsOf(facts).map((fault) => `${point}: ${fault}`);

/** A transaction holds its row until the server notices that its client is gone: until then the guest tries again. */
async function nextAnswer(door: Door, { guest, route, remains }: Casualty): Promise<Outcome> {
  let outcome = await guest.visit(door, route);
  for (let tries = 1; remains.ticket === 'free' && outcome === ANSWERS.claimed && tries < 100; tries += 1) {
    outcome = await guest.visit(door, route);
  }
  return outcome;
}

async function isListed({ tickets }: House, { uuid }: Guest): Promise<boolean> {
  const claimed = await tickets.list({ status: 'claimed' });
  return claimed.some((ticket) => ticket.uuid === uuid);
}
