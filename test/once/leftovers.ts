import type { Point } from './checkpoints.js';
import type { Route } from './routes.js';

/** What a request leaves behind that ends, with its process, at a point. */
export interface Leftovers {
  readonly ticket: 'free' | 'claimed' | 'used';
  readonly effects: 0 | 1;
}
export type LeftoversAt = Partial<Record<Point, Leftovers>>;

/** Where a request is to end, and what it should leave behind. */
export interface Place {
  readonly route: Route;
  readonly point: Point;
  readonly leftovers: Leftovers;
}

export const placesOf = (route: Route, leftoversAt: LeftoversAt): Place[] =>
  Object.entries(leftoversAt).map(([point, leftovers]) => ({ route, point: point as Point, leftovers }));

/** By `StampInvitation`: once it is claimed, nobody can tell by the row whether the handler has run. */
export const LEFTOVERS: LeftoversAt = {
  'before-claim': { ticket: 'free', effects: 0 },
  'after-claim': { ticket: 'claimed', effects: 0 },
  'in-handler': { ticket: 'claimed', effects: 0 },
  'after-effect': { ticket: 'claimed', effects: 1 },
  'before-stamp': { ticket: 'claimed', effects: 1 },
  'after-stamp': { ticket: 'used', effects: 1 },
};

/** By `StampInTransaction`: all of it, or nothing. */
export const LEFTOVERS_OF_TRANSACTION: LeftoversAt = {
  'before-stamp': { ticket: 'free', effects: 0 },
  'after-stamp': { ticket: 'free', effects: 0 },
  'in-handler': { ticket: 'free', effects: 0 },
  'after-effect': { ticket: 'free', effects: 0 },
  'before-commit': { ticket: 'free', effects: 0 },
  'after-commit': { ticket: 'used', effects: 1 },
};
