import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase, isFirst } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess, startServers } from './app.process.js';
import type { AppServer } from './app.server.js';
import { ROUNDS, TIME_FOR_ROUNDS } from './extent.js';
import { guessAtOnce } from './guessing.js';
import { type Setup, startSetup } from './setup.js';

describe('two processes', () => {
  ownResources();
  let processes: AppProcess[];
  beforeAll(() => {
    processes = [new AppProcess(), new AppProcess()];
  });

  eachDatabase('with one database', (database) => {
    // Each guess costs a hash of argon2, whatever the database.
    const size = isFirst(database) || ROUNDS > 1 ? 200 : 50;
    let setup: Setup;
    let servers: AppServer[];
    beforeAll(async () => {
      setup = await startSetup(database);
      servers = await startServers(setup, processes);
    });

    it(
      '[G-1] check five of 200 wrong guesses at once, and lock the ticket, but not its pass',
      async () => {
        for (let round = 1; round <= ROUNDS; round += 1) {
          const faults = await guessAtOnce(setup, servers, 'InvitationRequired', size);
          expect(faults, `round ${round}`).toEqual([]);
        }
      },
      TIME_FOR_ROUNDS * 2,
    );
  });
});
