import { faultsOf } from '../support/faults.js';
import type { AppServer } from './app.server.js';
import type { Guest, Outcome, Stopped } from './guest.js';
import type { Setup } from './setup.js';
import type { Place, Leftovers } from './leftovers.js';

/** A request that ends with its process. */
export interface Casualty extends Place {
  readonly guest: Guest;
  readonly stopped: Stopped;
}

/** Stops one request at each of the places. What is left then is to end the process. */
export const stopAtEach = (setup: Setup, server: AppServer, places: readonly Place[]): Promise<Casualty[]> =>
  Promise.all(
    places.map(async (place) => {
      const guest = await setup.invite();
      return { ...place, guest, stopped: await guest.stopAt(place.point, server, place.route) };
    }),
  );

/**
 * The guest comes again, to another process.
 *
 * @returns what was wrong, in sentences; none: one success at most, and a ticket that is claimed for ever can be seen
 * and reopened
 */
export async function inspect(setup: Setup, server: AppServer, casualty: Casualty): Promise<string[]> {
  const { guest, route, leftovers } = casualty;
  const isClaimed = leftovers.ticket === 'claimed';
  const stayed = leftovers.effects + Number(leftovers.ticket === 'free');
  const effects = async () => (await setup.effects(guest.uuid)).length;
  return faultsAt(casualty, {
    'answer of the process that ended': [await casualty.stopped.outcome, 'none'],
    'effects of the process that ended': [await effects(), leftovers.effects],
    'answer to the next': [await nextAnswer(server, casualty), ANSWERS[leftovers.ticket]],
    'effects then': [await effects(), stayed],
    'listed as claimed': [await isListed(setup, guest), isClaimed],
    reopened: [await setup.tickets.reopen(guest.uuid), isClaimed],
    'answer when reopened': [await guest.visit(server, route), isClaimed ? '200' : ANSWERS.used],
    'effects when reopened': [await effects(), stayed + Number(isClaimed)],
    'answer in the end': [await guest.visit(server, route), ANSWERS.used],
  });
}

/**
 * The guest comes again, before and after the claim counts as abandoned.
 *
 * @returns what was wrong, in sentences; none: one success, and only after that time
 */
export async function inspectAbandoned(
  setup: Setup,
  { early, late }: { early: AppServer; late: AppServer },
  casualty: Casualty,
): Promise<string[]> {
  const { guest, route, leftovers } = casualty;
  return faultsAt(casualty, {
    'answer before that time': [await guest.visit(early, route), ANSWERS.claimed],
    'answer after that time': [await guest.visit(late, route), '200'],
    'answer in the end': [await guest.visit(early, route), ANSWERS.used],
    effects: [(await setup.effects(guest.uuid)).length, leftovers.effects + 1],
  });
}

const ANSWERS: Record<Leftovers['ticket'], Outcome> = {
  free: '200',
  claimed: '409 TICKET_BUSY',
  used: '403 TICKET_USED',
};

const faultsAt = ({ point }: Casualty, facts: Parameters<typeof faultsOf>[0]): string[] =>
  faultsOf(facts).map((fault) => `${point}: ${fault}`);

/** A transaction holds its row until the server notices that its client is gone: until then the guest tries again. */
async function nextAnswer(server: AppServer, { guest, route, leftovers }: Casualty): Promise<Outcome> {
  let outcome = await guest.visit(server, route);
  for (let tries = 1; leftovers.ticket === 'free' && outcome === ANSWERS.claimed && tries < 100; tries += 1) {
    outcome = await guest.visit(server, route);
  }
  return outcome;
}

async function isListed({ tickets }: Setup, { uuid }: Guest): Promise<boolean> {
  const claimed = await tickets.list({ status: 'claimed' });
  return claimed.some((ticket) => ticket.uuid === uuid);
}
