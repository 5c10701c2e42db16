import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess } from './app.process.js';
import type { Door } from './door.js';
import { guessAtOnce } from './guessing.js';
import { type House, openHouse } from './house.js';

const naive = ['ReadThenWrite', 'CheckThenCount', 'CountInProcess'] as const;

describe('the check of guesses', () => {
  ownResources();
  let processes: AppProcess[];
  beforeAll(() => {
    processes = [new AppProcess(), new AppProcess()];
  });

  eachDatabase('catches', (database) => {
    let house: House;
    let doors: Door[];
    beforeAll(async () => {
      house = await openHouse(database);
      doors = await Promise.all(processes.map((process) => process.open(house.app())));
    });

    it.each(naive)('[G-1] %s, by guesses that come at once', async (limit) => {
      const faults = await guessAtOnce(house, doors, limit, 200);
      expect(faults).toContainEqual(expect.stringMatching(/^guesses checked: \d+, not 5$/));
    });
  });
});
