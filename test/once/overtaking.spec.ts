import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess } from './app.process.js';
import { type House, openHouse } from './house.js';
import { overtake, type Stall } from './overtaking.js';

const busy = '409 TICKET_BUSY';
const wakes = ['during', 'after'] as const;

const stalls: Stall[] = wakes.flatMap((when) => [
  { point: 'before-claim', wakes: when, outcome: when === 'during' ? busy : '403 TICKET_USED', effects: 0 },
  { point: 'after-claim', wakes: when, outcome: busy, effects: 1 },
  { point: 'in-handler', wakes: when, outcome: busy, effects: 1 },
  { point: 'after-effect', wakes: when, outcome: busy, effects: 1 },
  { point: 'before-stamp', wakes: when, outcome: busy, effects: 1 },
  { point: 'before-release', query: '?fail', wakes: when, outcome: '422', effects: 1 },
]);

describe('a process that stalls', () => {
  ownResources();
  let stalling: AppProcess;
  let other: AppProcess;
  beforeAll(() => {
    [stalling, other] = [new AppProcess(), new AppProcess()];
  });

  eachDatabase('until others have taken over', (database) => {
    let house: House;
    beforeAll(async () => {
      house = await openHouse(database);
    });

    it('[R-5] changes nothing when it wakes', async () => {
      // Connections for all that are held in mid-statement.
      const settings = { abandonedAfter: '10m', database: database.options({ poolSize: 20 }) } as const;
      const doors = {
        process: stalling,
        door: await stalling.open(house.app({ ...settings, name: 'slow' })),
        late: await other.open(house.app({ ...settings, name: 'late', clockOffset: 11 * 60_000 })),
      };
      expect(await overtake(house, doors, 'StampInvitation', stalls)).toEqual([]);
    });
  });
});
