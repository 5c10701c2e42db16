import { faultsOf } from '../support/faults.js';
import type { Point } from './checkpoints.js';
import type { AppServer } from './app.server.js';
import type { Guest, Outcome } from './guest.js';
import type { Setup } from './setup.js';
import type { Route } from './routes.js';

/** A request during which the database's connections fail, at a point. */
export interface Trial {
  readonly route: Route;
  readonly point: Point;
  /** See {@link Guest.ask}. */
  readonly query?: string;
  /** What may be answered to it. */
  readonly outcomes: readonly Outcome[];
}

/**
 * Stops a request at the point, lets something happen to the connections, and lets it go on; then the guest comes
 * again.
 *
 * @returns what was wrong, in sentences; none: no more than one success, and effect, stamp and answer agree
 */
export async function endure(
  setup: Setup,
  server: AppServer,
  { route, point, query, outcomes }: Trial,
  befall: (goOn: () => void) => Promise<unknown>,
): Promise<string[]> {
  const guest = await setup.invite();
  const stopped = await guest.stopAt(point, server, route, query);
  await befall(stopped.goOn);
  const outcome = await stopped.outcome;
  const first = await traces(setup, guest);
  const failed = outcome === '200' ? 0 : 1;
  const again = await guest.visit(server, route);
  const then = await traces(setup, guest);
  return faultsOf({
    [`answer (${outcomes.join(' or ')})`]: [outcomes.includes(outcome) ? 'fine' : outcome, 'fine'],
    'ticket used': [first.isUsed, failed === 0],
    effects: [first.effects, route === 'StampInTransaction' ? 1 - failed : 1],
    'answer to the next': [again, failed === 0 ? '403 TICKET_USED' : '200'],
    'ticket used then': [then.isUsed, true],
    'effects then': [then.effects, first.effects + failed],
  });
}

async function traces(setup: Setup, { uuid }: Guest) {
  const [row, effects] = [await setup.row(uuid), await setup.effects(uuid)];
  return { isUsed: row['usedAt'] !== null, effects: effects.length };
}
