import fc from 'fast-check';
import { describe, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { TIME_FOR_ROUNDS } from '../extent.js';
import { ABANDONED_AFTER } from './durations.js';
import { sequencesAreAsModelled } from './properties.js';
import { sequences } from './runs.js';
import { startScene } from './scene.js';

eachDatabase('any sequence of calls', (database) => {
  describe.each([null, ABANDONED_AFTER])('where claims are abandoned after %s ms', (abandonedAfter) => {
    it(
      'is answered as the model has it, and leaves the rows that it has',
      async () => {
        await fc.assert(sequencesAreAsModelled(await startScene(database, abandonedAfter)), sequences);
      },
      TIME_FOR_ROUNDS,
    );
  });
});
