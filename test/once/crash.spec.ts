import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess } from './app.process.js';
import { type Casualty, inspect, inspectAbandoned, stopAtEach } from './crash.js';
import { openDoor } from './door.js';
import { type House, openHouse } from './house.js';
import { race, WORST } from './race.js';
import { placesOf, REMAINS, REMAINS_OF_TRANSACTION } from './remains.js';

const MINUTE = 60_000;
const abandonedAfter = '10m';
const late = { abandonedAfter, clockOffset: 11 * MINUTE } as const;

const everywhere = placesOf('StampInvitation', REMAINS);
const inHandler = everywhere.filter(({ point }) => point === 'in-handler' || point === 'after-effect');
const beforeEffect = everywhere.filter(({ point }) => point === 'after-claim' || point === 'in-handler');
const whileClaimed = everywhere.filter(({ remains }) => remains.ticket === 'claimed');
const inTransaction = placesOf('StampInTransaction', REMAINS_OF_TRANSACTION);

describe('a process that ends', () => {
  ownResources();
  let other: AppProcess;
  beforeAll(() => {
    other = new AppProcess();
  });

  eachDatabase('in mid-request', (database) => {
    let house: House;
    beforeAll(async () => {
      house = await openHouse(database);
    });

    const openVictim = async () => {
      const process = new AppProcess();
      // A connection for each request that is stopped in mid-statement or in a transaction.
      const settings = house.app({ name: 'victim', database: database.options({ poolSize: 20 }) });
      return { process, door: await process.open(settings) };
    };

    describe('by SIGKILL', () => {
      ownResources();
      let lasting: Casualty[];
      let abandoned: Casualty[];
      let contested: Casualty[];
      let transacting: Casualty[];
      beforeAll(async () => {
        const { process, door } = await openVictim();
        lasting = await stopAtEach(house, door, everywhere);
        abandoned = await stopAtEach(house, door, whileClaimed);
        contested = await stopAtEach(house, door, beforeEffect);
        const isSqlite = database.type === 'better-sqlite3';
        transacting = isSqlite ? [] : await stopAtEach(house, door, inTransaction);
        await process.kill();
        if (isSqlite) transacting = await killOneByOne();
      });

      // SQLite has one transaction at a time.
      const killOneByOne = async () => {
        const victims = await Promise.all(inTransaction.map(openVictim));
        const casualties: Casualty[] = [];
        for (const [index, { process, door }] of victims.entries()) {
          casualties.push(...(await stopAtEach(house, door, [inTransaction[index]!])));
          await process.kill();
        }
        return casualties;
      };

      it('[R-4] leaves no ticket that could succeed a second time', async () => {
        const door = await other.open(house.app({ name: 'survivor' }));
        for (const casualty of lasting) expect(await inspect(house, door, casualty)).toEqual([]);
      });

      it('[R-4] leaves tickets that can be taken over once they count as abandoned', async () => {
        const doors = {
          early: await other.open(house.app({ abandonedAfter, clockOffset: 9 * MINUTE })),
          late: await other.open(house.app(late)),
        };
        for (const casualty of abandoned) {
          expect(await inspectAbandoned(house, doors, casualty)).toEqual([]);
        }
      });

      it('[R-4] leaves tickets that one of many takes over', async () => {
        const doors = [
          await other.open(house.app(late)),
          await openDoor(house.app({ ...late, name: 'here' })),
        ];
        const guests = contested.map(({ guest }) => guest);
        const rules = { route: 'StampInvitation', tickets: guests, size: 16, held: WORST } as const;
        expect(await race(house, doors, rules)).toEqual([]);
      });

      it('[R-4] leaves stamp and effect of a transaction, or neither', async () => {
        const door = await other.open(house.app({ name: 'survivor' }));
        for (const casualty of transacting) expect(await inspect(house, door, casualty)).toEqual([]);
      });
    });

    it('[R-9] and starts again revives nothing', async () => {
      const { process, door } = await openVictim();
      const casualties = await stopAtEach(house, door, inHandler);
      await process.stop();
      const again = await other.open(house.app({ name: 'victim' }));
      for (const casualty of casualties) expect(await inspect(house, again, casualty)).toEqual([]);
    });
  });
});
