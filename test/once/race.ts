import type { WholeAnswer } from '../invitations/ask.js';
import { barrier } from '../support/barrier.js';
import type { TestDatabase } from '../support/databases.js';
import { faultsOf } from '../support/faults.js';
import type { Point } from './checkpoints.js';
import type { AppServer } from './app.server.js';
import type { Guest } from './guest.js';
import type { Setup } from './setup.js';
import type { Route } from './routes.js';

/**
 * Where requests wait for one another: `'admitted'`: nobody goes on to the claim before all are admitted;
 * `'in-handler'`: nor does anybody leave the handler before all others are in it, too, or have been answered.
 */
export type Held = readonly Extract<Point, 'admitted' | 'in-handler'>[];

/** The worst of interleavings. */
export const WORST: Held = ['admitted', 'in-handler'];

/** From requests that take their own course to the worst of interleavings. */
export function holdings(type: TestDatabase['type'], route: Route): Held[] {
  const mild: Held[] = [[], ['admitted']];
  // SQLite has one transaction at a time, and others cannot know whose it is: they are answered once they are tired
  // of waiting for its end.
  return type === 'better-sqlite3' && route === 'StampInTransaction' ? mild : [...mild, WORST];
}

export interface Race {
  readonly route: Route;
  /** Requests with each ticket. */
  readonly size: number;
  readonly held: Held;
  /** How many new tickets, or whose. @default 1 */
  readonly tickets?: number | readonly Guest[];
  /** Whether losers may see a stamp that is not committed yet, as READ UNCOMMITTED has it. */
  readonly isDirty?: boolean;
}

/**
 * Many requests with each ticket, at once, spread over the servers.
 *
 * @returns what was wrong, in sentences; none: each ticket is used, and had one success and one effect, both by the
 * same app
 */
export async function race(setup: Setup, servers: readonly AppServer[], rules: Race): Promise<string[]> {
  const { size, held, tickets = 1, isDirty = false } = rules;
  const guests =
    typeof tickets === 'number'
      ? await Promise.all(Array.from({ length: tickets }, () => setup.invite()))
      : tickets;
  const uuids = guests.map(({ uuid }) => uuid);
  const gates = await Promise.all(held.map((point) => gateAt(point, servers, uuids, size * guests.length)));
  const visit = async (guest: Guest, server: AppServer): Promise<Visit> => {
    const answer = await guest.ask(server, rules.route);
    for (const gate of gates) gate.turnedAway();
    return { server, answer };
  };
  const crowd = (guest: Guest) =>
    Promise.all(Array.from({ length: size }, (_, index) => visit(guest, servers[index % servers.length]!)));
  const visits = await Promise.all(guests.map(crowd));
  // All others have been answered before the winner leaves the handler, and so before there is a stamp.
  const isBusy = held.includes('in-handler') && !isDirty;
  return (await Promise.all(uuids.map((uuid, index) => judge(setup, uuid, visits[index]!, isBusy)))).flat();
}

interface Visit {
  server: AppServer;
  answer: WholeAnswer;
}

/** A gate across all servers, that opens once all parties have either come to it or been turned away. */
async function gateAt(
  point: Point,
  servers: readonly AppServer[],
  uuids: readonly string[],
  parties: number,
) {
  const { opened, open } = barrier();
  let missing = parties;
  const count = () => {
    missing -= 1;
    if (missing === 0) open();
  };
  const bars = servers.flatMap((server) => uuids.map((uuid) => ({ server, uuid })));
  await Promise.all(bars.map(({ server, uuid }) => server.hold(point, uuid, count)));
  void opened.then(() => bars.forEach(({ server, uuid }) => server.letGo(point, uuid)));
  return { turnedAway: count };
}

async function judge(
  setup: Setup,
  uuid: string,
  visits: readonly Visit[],
  isBusy: boolean,
): Promise<string[]> {
  const winners = visits.filter(({ answer }) => answer.status < 300);
  const losers = visits.filter(({ answer }) => answer.status >= 300);
  const unreasoned = losers.filter(({ answer }) => !hasReason(answer, isBusy));
  const [row, effects] = [await setup.row(uuid), await setup.effects(uuid)];
  const strays = effects.filter((app) => !winners.some(({ server }) => server.name === app));
  return faultsOf({
    effects: [effects.length, 1],
    'effects by an app without a success': [strays.length, 0],
    successes: [winners.length, 1],
    "successes with another's ticket": [winners.filter(({ answer }) => answer.body !== uuid).length, 0],
    'answers without a reason': [unreasoned.map(({ answer }) => answer.status).join(), ''],
    'tickets unused': [Number(row['usedAt'] === null), 0],
  });
}

/** 409 while it runs, to be tried again; 403 that says used afterwards. */
function hasReason({ status, body, headers }: WholeAnswer, isBusy: boolean): boolean {
  const { errorCode } = JSON.parse(body) as { errorCode?: string };
  const busy = status === 409 && errorCode === 'TICKET_BUSY' && headers['retry-after'] === '1';
  return busy || (!isBusy && status === 403 && errorCode === 'TICKET_USED');
}
