import { faultsOf } from '../support/faults.js';
import type { Door } from './door.js';
import type { Guest, Outcome, Stopped } from './guest.js';
import type { House } from './house.js';
import type { Place, Remains } from './remains.js';

/** A request that ends with its process. */
export interface Casualty extends Place {
  readonly guest: Guest;
  readonly stopped: Stopped;
}

/** Stops one request at each of the places. What is left then is to end the process. */
export const stopAtEach = (house: House, door: Door, places: readonly Place[]): Promise<Casualty[]> =>
  Promise.all(
    places.map(async (place) => {
      const guest = await house.invite();
      return { ...place, guest, stopped: await guest.stopAt(place.point, door, place.route) };
    }),
  );

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
