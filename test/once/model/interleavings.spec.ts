import fc from 'fast-check';
import { it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { TIME_FOR_ROUNDS } from '../extent.js';
import { ABANDONED_AFTER } from './durations.js';
import { invariantsHold } from './properties.js';
import { interleavings } from './runs.js';
import { startScene } from './scene.js';
import { anyScripts } from './scripts.js';
import { Turns } from './turns.js';

eachDatabase('any interleaving of what several do with a ticket', (database) => {
  it(
    '[LC-8] lets one of them use it, once; who has lost it changes nothing',
    async () => {
      const scene = await startScene(database, ABANDONED_AFTER);
      Turns.takeOver(scene.dataSource);
      await fc.assert(invariantsHold(scene, anyScripts), interleavings);
    },
    TIME_FOR_ROUNDS,
  );
});
