import { type Barrier, barrier } from '../support/barrier.js';

/** The places on a request's way at which it can be held, on behalf of its ticket. */
export type Point =
  | 'admitted'
  | 'in-handler'
  | 'after-effect'
  | `${'before' | 'after'}-${'claim' | 'stamp' | 'release' | 'commit'}`;

interface Hold extends Barrier {
  arrived: () => unknown;
}

/** In this process, whichever of its apps has the request: statements know their ticket, but not their app. */
const holds = new Map<string, Hold>();
const keyOf = (point: Point, uuid: string): string => `${point} ${uuid}`;

/** Holds whoever reaches the point from now on; `arrived` is called for each. */
export function hold(point: Point, uuid: string, arrived: () => unknown): void {
  holds.set(keyOf(point, uuid), { ...barrier(), arrived });
}

/** Lets all go on who are held, and all who come later. */
export function letGo(point: Point, uuid: string): void {
  holds.get(keyOf(point, uuid))?.open();
  holds.delete(keyOf(point, uuid));
}

/** So that an app can be closed that a failed test has left in mid-request. */
export function letAllGo(): void {
  for (const { open } of holds.values()) open();
  holds.clear();
}

/** Says that a request has come to the point; resolves when it may go on. */
export async function reach(point: Point, uuid: string): Promise<void> {
  const held = holds.get(keyOf(point, uuid));
  held?.arrived();
  await held?.opened;
}
