import type { Scheduler } from 'fast-check';
import type { DataSource } from 'typeorm';
import type { TestClock } from '../../support/clock.js';
import { faultsIn } from './invariants.js';
import type { Office } from './louvre.js';
import { Party } from './party.js';
import type { Script } from './scripts.js';
import { Stage } from './stage.js';
import { Turns } from './turns.js';

/** Where a ticket is issued, and what all tell the time by. */
export interface Scene {
  readonly office: Office;
  readonly clock: TestClock;
  readonly dataSource: DataSource;
}

/**
 * Lets parties play their scripts at the same time, with one new ticket that all are admitted with.
 *
 * @returns what was wrong, in sentences
 */
export async function interleave(
  { office, clock, dataSource }: Scene,
  scripts: readonly Script[],
  scheduler: Scheduler,
): Promise<string[]> {
  const stage = await Stage.set(office, clock, dataSource);
  const cast = await Promise.all(
    scripts.map(async (script, index) => ({
      script,
      party: new Party(`party ${index + 1}`, stage, await stage.admit()),
    })),
  );
  const scriptOf = new Map(cast.map(({ party, script }) => [party, script]));
  await new Turns(scheduler).all([...scriptOf.keys()], (party) => party.play(scriptOf.get(party)!));
  return faultsIn(await stage.history());
}
