import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { type Door, openDoor } from './door.js';
import { ROUNDS, TIME_FOR_ROUNDS } from './extent.js';
import { type House, openHouse } from './house.js';
import { isolationLevels } from './isolation.js';
import { holdings, race } from './race.js';

const routes = ['StampInvitation', 'StampInTransaction'] as const;

eachDatabase('a burst of requests', (database) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(database);
  });

  describe.each(isolationLevels(database.type))('at level %s', (isolation) => {
    ownResources();
    let doors: Door[];
    beforeAll(async () => {
      doors = [
        await openDoor(house.app({ name: 'left', platform: 'Express', isolation })),
        await openDoor(house.app({ name: 'right', platform: 'Fastify', isolation })),
      ];
    });

    describe.each(routes)('with %s', (route) => {
      const isDirty = isolation === 'READ UNCOMMITTED' && route === 'StampInTransaction';
      it.each([2, 8, 20, 64])(
        '[R-1] of %i with one ticket has one success and one effect',
        async (size) => {
          for (let round = 1; round <= ROUNDS; round += 1) {
            for (const held of holdings(database.type, route)) {
              const faults = await race(house, doors, { route, size, held, isDirty });
              expect(faults, `round ${round}, held ${held.join()}`).toEqual([]);
            }
          }
        },
        TIME_FOR_ROUNDS,
      );
    });
  });
});
