import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { type AppServer, startServer } from './app.server.js';
import { ROUNDS, TIME_FOR_ROUNDS } from './extent.js';
import { type Setup, startSetup } from './setup.js';
import { isolationLevels } from './isolation.js';
import { holdings, race } from './race.js';

/** Larger crowds only in the longer run: 20 and 64 come to four processes, too, in processes.spec.ts. */
const SIZES = ROUNDS > 1 ? [2, 8, 20, 64] : [2, 8];
const routes = ['StampInvitation', 'StampInTransaction'] as const;

eachDatabase('a burst of requests', (database) => {
  let setup: Setup;
  beforeAll(async () => {
    setup = await startSetup(database);
  });

  describe.each(isolationLevels(database.type))('at level %s', (isolation) => {
    ownResources();
    let servers: AppServer[];
    beforeAll(async () => {
      servers = [
        await startServer(setup.app({ name: 'left', platform: 'Express', isolation })),
        await startServer(setup.app({ name: 'right', platform: 'Fastify', isolation })),
      ];
    });

    describe.each(routes)('with %s', (route) => {
      const isDirty = isolation === 'READ UNCOMMITTED' && route === 'StampInTransaction';
      it.each(SIZES)(
        '[R-1] of %i with one ticket has one success and one effect',
        async (size) => {
          for (let round = 1; round <= ROUNDS; round += 1) {
            for (const held of holdings(database.type, route)) {
              const faults = await race(setup, servers, { route, size, held, isDirty });
              expect(faults, `round ${round}, held ${held.join()}`).toEqual([]);
            }
          }
        },
        TIME_FOR_ROUNDS,
      );
    });
  });
});
