import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess } from './app.process.js';
import { crash, inspect } from './crash.js';
import { type Door, openDoor } from './door.js';
import { type House, openHouse } from './house.js';
import { overtake } from './overtaking.js';
import { race, WORST } from './race.js';
import { REMAINS, REMAINS_OF_TRANSACTION, type RemainsAt } from './remains.js';
import type { Route } from './routes.js';

const deaf = ['SelectThenUpdate', 'StampWithoutCount', 'StampByUpsert'] as const;

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
        const faults = await race(house, doors, { route, size, held: WORST });
        expect(faults).toContain(`effects: ${size}, not 1`);
        expect(faults).toContain(`successes: ${size}, not 1`);
      }
    };
    it.each(deaf)('[R-1] %s in one process', (double) => expectAllThrough(here, double));
    it.each(deaf)('[R-2] %s in four processes', (double) => expectAllThrough(four, double));

    const mixUp = (doors: Door[]) =>
      race(house, doors, { route: 'TicketOnGuard', size: 2, tickets: 8, held: WORST });
    const another = expect.stringMatching(/^successes with another's ticket: |^tickets unused: /);
    it('[R-1] TicketOnGuard in one process', async () => {
      expect(await mixUp(here)).toContainEqual(another);
    });
    it('[R-2] TicketOnGuard in four processes', async () => {
      expect(await mixUp(four)).toContainEqual(another);
    });

    const crashOf = async (route: Route, remains: RemainsAt) => {
      const victim = new AppProcess();
      const casualties = await crash(
        house,
        { route, process: victim, door: await victim.open(house.app()) },
        remains,
      );
      return (await Promise.all(casualties.map((casualty) => inspect(house, four[0]!, casualty)))).flat();
    };
    it('[R-4] a second success and a lost effect after a crash', async () => {
      const [twice, never] = await Promise.all([
        crashOf('SelectThenUpdate', { 'after-effect': REMAINS['after-effect']! }),
        crashOf('StampWithoutCount', { 'in-handler': REMAINS_OF_TRANSACTION['in-handler']! }),
      ]);
      expect(twice).toContain('after-effect: answer to the next: 200, not 409 TICKET_BUSY');
      expect(never).toContain('in-handler: answer to the next: 403 TICKET_USED, not 200');
    });

    it('[R-5] StampOfAnybody when it wakes', async () => {
      const [process, other] = processes as [AppProcess, AppProcess];
      const settings = { abandonedAfter: '10m' } as const;
      const door = await process.open(house.app(settings));
      const late = await other.open(house.app({ ...settings, name: 'late', clockOffset: 11 * 60_000 }));
      const stall = {
        point: 'after-effect',
        wakes: 'during',
        outcome: '409 TICKET_BUSY',
        effects: 1,
      } as const;
      const faults = await overtake(house, { process, door, late }, 'StampOfAnybody', [stall]);
      expect(faults).toContain('after-effect, woken during: answer to who stalled: 200, not 409 TICKET_BUSY');
      expect(faults).toContainEqual(expect.stringMatching('row after it woke'));
    });
  });
});
