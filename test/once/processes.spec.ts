import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess, startServers } from './app.process.js';
import type { AppServer } from './app.server.js';
import { ROUNDS, TIME_FOR_ROUNDS } from './extent.js';
import { type Setup, startSetup } from './setup.js';
import { holdings, race } from './race.js';

const routes = ['StampInvitation', 'StampInTransaction'] as const;

describe('four processes', () => {
  ownResources();
  let processes: AppProcess[];
  beforeAll(() => {
    processes = Array.from({ length: 4 }, () => new AppProcess());
  });

  eachDatabase('with one database', (database) => {
    let setup: Setup;
    let servers: AppServer[];
    beforeAll(async () => {
      setup = await startSetup(database);
      servers = await startServers(setup, processes);
    });

    describe.each(routes)('with %s', (route) => {
      it.each([4, 20, 64])(
        '[R-2] let one of %i requests through, and it has one effect',
        async (size) => {
          for (let round = 1; round <= ROUNDS; round += 1) {
            for (const held of holdings(database.type, route)) {
              const faults = await race(setup, servers, { route, size, held });
              expect(faults, `round ${round}, held ${held.join()}`).toEqual([]);
            }
          }
        },
        TIME_FOR_ROUNDS,
      );

      it('[R-2] keep tickets apart', async () => {
        for (const held of holdings(database.type, route)) {
          const faults = await race(setup, servers, { route, size: 8, tickets: 3, held });
          expect(faults, `held ${held.join()}`).toEqual([]);
        }
      });
    });
  });
});
