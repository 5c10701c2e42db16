import { beforeAll, describe, expect, it } from 'vitest';
import { TestClock } from '../support/clock.js';
import { eachPlatform } from '../support/platforms.js';
import { Canaries } from './canaries.js';
import type { Stage } from './flows.js';
import { type Gallery, openGallery } from './gallery.js';
import { watchOutput } from './loggers.js';
import { contentsOf } from './tables.js';
import { Witness } from './witness.js';

/** What every app of a search must have shown, or it was not looked at. */
const EVERYWHERE = ['access log', 'answer', 'error', 'event', 'log', 'result', 'sql', 'table'];

/** The least that is accepted, one at a time. */
const argon2 = { memoryCost: 7168, timeCost: 5, concurrency: 1, queue: 1 };

/**
 * Does each of these things to an app, and looks for secrets, after each, in all that can be seen of it.
 *
 * @param kinds what must have happened in the end, for the search to have looked at it
 */
export function searchAfter(
  acts: Record<string, (stage: Stage) => Promise<void>>,
  kinds: readonly string[],
): void {
  eachPlatform('canaries of an app', (database, adapter) => {
    const canaries = new Canaries();
    const witness = new Witness();
    let stage: Stage;
    beforeAll(async () => {
      watchOutput(witness);
      const clock = new TestClock();
      const open = (options: object): Promise<Gallery> =>
        openGallery(adapter, database, { witness, canaries }, { now: clock.now, argon2, ...options });
      let made = 0;
      stage = {
        clock,
        gallery: await open({}),
        own: await open({
          passwordGenerator: () =>
            canaries.keep('a password of the app’s own', `a canary, number ${(made += 1)}`),
        }),
        mistyped: (text) => canaries.keep('what a guest has typed', text),
      };
    });

    describe.each(Object.entries(acts))('when %s', (_, act) => {
      it('[ST-3] are seen in no log, statement, event, error, answer, result or table', async () => {
        await act(stage);
        witness.noteStored(await contentsOf(stage.gallery.dataSource, database));
        expect(witness.leaks(canaries)).toEqual([]);
      });
    });

    it('[ST-3] were looked for in all of them, and in all that these acts can bring about', () => {
      expect([...EVERYWHERE, ...kinds].filter((kind) => !witness.met.has(kind))).toEqual([]);
    });
  });
}
