import type { Point } from './checkpoints.js';
import type { Route } from './routes.js';

/** What a request leaves behind that ends, with its process, at a point. */
export interface Remains {
  readonly ticket: 'free' | 'claimed' | 'used';
  readonly effects: 0 | 1;
}
export type RemainsAt = Partial<Record<Point, Remains>>;

/** Where a request is to end, and what it should leave behind. */
export interface Place {
  readonly route: Route;
  readonly point: Point;
  readonly remains: Remains;
}

export const placesOf = (route: Route, remainsAt: RemainsAt): Place[] =>
  Object.entries(remainsAt).map(([point, remains]) => ({ route, point: point as Point, remains }));

/** Of `StampInvitation`: once it is claimed, nobody can tell by the row whether the handler has run. */
export const REMAINS: RemainsAt = {
  'before-claim': { ticket: 'free', effects: 0 },
  'after-claim': { ticket: 'claimed', effects: 0 },
  'in-handler': { ticket: 'claimed', effects: 0 },
  'after-effect': { ticket: 'claimed', effects: 1 },
  'before-stamp': { ticket: 'claimed', effects: 1 },
  'after-stamp': { ticket: 'used', effects: 1 },
};

/** Of `StampInTransaction`: all of it, or nothing. */
export const REMAINS_OF_TRANSACTION: RemainsAt = {
  'before-stamp': { ticket: 'free', effects: 0 },
  'after-stamp': { ticket: 'free', effects: 0 },
  'in-handler': { ticket: 'free', effects: 0 },
  'after-effect': { ticket: 'free', effects: 0 },
  'before-commit': { ticket: 'free', effects: 0 },
  'after-commit': { ticket: 'used', effects: 1 },
};
