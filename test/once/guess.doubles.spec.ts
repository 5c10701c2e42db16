import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess } from './app.process.js';
import type { AppServer } from './app.server.js';
import { guessAtOnce } from './guessing.js';
import { type Setup, startSetup } from './setup.js';

const isUnlimited = (fault: string): boolean => /^guesses checked: \d+, not 5$/.test(fault);

const naive = ['ReadThenWrite', 'CheckThenCount', 'CountInProcess'] as const;

describe('the check of guesses', () => {
  ownResources();
  let processes: AppProcess[];
  beforeAll(() => {
    processes = [new AppProcess(), new AppProcess()];
  });

  eachDatabase('catches', (database) => {
    let setup: Setup;
    let servers: AppServer[];
    beforeAll(async () => {
      setup = await startSetup(database);
      servers = await Promise.all(processes.map((process) => process.open(setup.app())));
    });

    it.each(naive)('[G-1] %s, by guesses that come at once', async (limit) => {
      let faults: string[] = [];
      // One burst may miss by chance, more often on a loaded machine.
      for (let burst = 0; burst < 5 && !faults.some(isUnlimited); burst += 1)
        faults = await guessAtOnce(setup, servers, limit, 60);
      expect(faults.filter(isUnlimited)).toHaveLength(1);
    });
  });
});
