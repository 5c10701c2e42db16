import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess } from './app.process.js';
import { crash, inspect, inspectAbandoned } from './crash.js';
import type { Door } from './door.js';
import { type House, openHouse } from './house.js';
import { REMAINS, REMAINS_OF_TRANSACTION, type RemainsAt } from './remains.js';
import type { Route } from './routes.js';

const MINUTE = 60_000;
const abandonedAfter = '10m';

describe('a process that ends', () => {
  ownResources();
  let other: AppProcess;
  beforeAll(() => {
    other = new AppProcess();
  });

  eachDatabase('in mid-request', (database) => {
    let house: House;
    let survivor: Door;
    beforeAll(async () => {
      house = await openHouse(database);
      survivor = await other.open(house.app({ name: 'survivor' }));
    });

    const victim = async (route: Route) => {
      const process = new AppProcess();
      // Connections for a transaction at each point.
      const settings = house.app({ name: 'victim', database: database.options({ poolSize: 10 }) });
      return { route, process, door: await process.open(settings) };
    };

    it('[R-4] by SIGKILL leaves no ticket that could succeed a second time', async () => {
      for (const casualty of await crash(house, await victim('StampInvitation'), REMAINS)) {
        expect(await inspect(house, survivor, casualty)).toEqual([]);
      }
    });

    it('[R-4] by SIGKILL leaves tickets that can be taken over once they count as abandoned', async () => {
      const doorAt = (clockOffset: number) => other.open(house.app({ abandonedAfter, clockOffset }));
      const doors = { early: await doorAt(9 * MINUTE), late: await doorAt(11 * MINUTE) };
      const claimed = Object.entries(REMAINS).filter(([, { ticket }]) => ticket === 'claimed');
      const remains: RemainsAt = Object.fromEntries(claimed);
      for (const casualty of await crash(house, await victim('StampInvitation'), remains)) {
        expect(await inspectAbandoned(house, doors, casualty)).toEqual([]);
      }
    });

    it('[R-4] by SIGKILL leaves stamp and effect of a transaction, or neither', async () => {
      const points = Object.entries(REMAINS_OF_TRANSACTION).map((entry) => Object.fromEntries([entry]));
      // SQLite has one transaction at a time.
      const groups: RemainsAt[] = database.type === 'better-sqlite3' ? points : [REMAINS_OF_TRANSACTION];
      const crashes = groups.map(async (remains) =>
        crash(house, await victim('StampInTransaction'), remains),
      );
      for (const casualty of (await Promise.all(crashes)).flat()) {
        expect(await inspect(house, survivor, casualty)).toEqual([]);
      }
    });

    it('[R-9] and starts again revives nothing', async () => {
      const remains = { 'in-handler': REMAINS['in-handler']!, 'after-effect': REMAINS['after-effect']! };
      const casualties = await crash(house, await victim('StampInvitation'), remains, 'stop');
      const again = await other.open(house.app({ name: 'victim' }));
      for (const casualty of casualties) {
        expect(await inspect(house, again, casualty)).toEqual([]);
      }
    });
  });
});
