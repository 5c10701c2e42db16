import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess } from './app.process.js';
import { type Door, openDoor } from './door.js';
import { type House, openHouse } from './house.js';
import { HOLDING, race } from './race.js';

const deaf = ['SelectThenUpdate', 'StampWithoutCount', 'StampByUpsert'] as const;
const held = HOLDING.at(-1)!;

describe('the check of races', () => {
  ownResources();
  let processes: AppProcess[];
  beforeAll(() => {
    processes = Array.from({ length: 4 }, () => new AppProcess());
  });

  eachDatabase('catches', (database) => {
    let house: House;
    let here: Door[];
    let four: Door[];
    beforeAll(async () => {
      house = await openHouse(database);
      here = [await openDoor(house.app())];
      four = await Promise.all(
        processes.map((process, name) => process.open(house.app({ name: `${name}` }))),
      );
    });

    const expectAllThrough = async (doors: Door[], route: (typeof deaf)[number]) => {
      for (const size of [2, 8, 20]) {
        const faults = await race(house, doors, { route, size, held });
        expect(faults).toContain(`effects: ${size}, not 1`);
        expect(faults).toContain(`successes: ${size}, not 1`);
      }
    };
    it.each(deaf)('[R-1] %s in one process', (double) => expectAllThrough(here, double));
    it.each(deaf)('[R-2] %s in four processes', (double) => expectAllThrough(four, double));

    const mixUp = (doors: Door[]) =>
      race(house, doors, { route: 'TicketOnGuard', size: 2, tickets: 8, held });
    const another = expect.stringMatching(/^successes with another's ticket: |^tickets unused: /);
    it('[R-1] TicketOnGuard in one process', async () => {
      expect(await mixUp(here)).toContainEqual(another);
    });
    it('[R-2] TicketOnGuard in four processes', async () => {
      expect(await mixUp(four)).toContainEqual(another);
    });
  });
});
