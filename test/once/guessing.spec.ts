import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess, openDoors } from './app.process.js';
import type { Door } from './door.js';
import { ROUNDS, TIME_FOR_ROUNDS } from './extent.js';
import { guessAtOnce } from './guessing.js';
import { type House, openHouse } from './house.js';

describe('two processes', () => {
  ownResources();
  let processes: AppProcess[];
  beforeAll(() => {
    processes = [new AppProcess(), new AppProcess()];
  });

  eachDatabase('with one database', (database) => {
    let house: House;
    let doors: Door[];
    beforeAll(async () => {
      house = await openHouse(database);
      doors = await openDoors(house, processes);
    });

    it(
      '[G-1] check five of 200 wrong guesses that come at once, and lock the ticket, but not its pass',
      async () => {
        for (let round = 1; round <= ROUNDS; round += 1) {
          const faults = await guessAtOnce(house, doors, 'InvitationRequired', 200);
          expect(faults, `round ${round}`).toEqual([]);
        }
      },
      TIME_FOR_ROUNDS * 2,
    );
  });
});
