import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase, isFirst } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess } from './app.process.js';
import { inspect, stopAtEach } from './crash.js';
import { type AppServer, startServer } from './app.server.js';
import { type Setup, startSetup } from './setup.js';
import { overtake } from './overtaking.js';
import { race, WORST } from './race.js';
import { placesOf } from './leftovers.js';

const deaf = ['SelectThenUpdate', 'StampWithoutCount', 'StampByUpsert'] as const;

describe('the check of races', () => {
  ownResources();
  let processes: AppProcess[];
  beforeAll(() => {
    processes = Array.from({ length: 4 }, () => new AppProcess());
  });

  eachDatabase('catches', (database) => {
    let setup: Setup;
    let here: AppServer[];
    let four: AppServer[];
    beforeAll(async () => {
      setup = await startSetup(database);
      here = [await startServer(setup.app())];
      four = await Promise.all(
        processes.map((process, name) => process.open(setup.app({ name: `${name}` }))),
      );
    });

    const expectAllThrough = async (servers: AppServer[], route: (typeof deaf)[number]) => {
      for (const size of [2, 20]) {
        const faults = await race(setup, servers, { route, size, held: WORST });
        expect(faults).toContain(`effects: ${size}, not 1`);
        expect(faults).toContain(`successes: ${size}, not 1`);
      }
    };
    it.each(deaf)('[R-1] %s in one process', (double) => expectAllThrough(here, double));
    it.each(deaf)('[R-2] %s in four processes', (double) => expectAllThrough(four, double));

    const mixUp = (servers: AppServer[]) =>
      race(setup, servers, { route: 'TicketOnGuard', size: 2, tickets: 8, held: WORST });
    const another = expect.stringMatching(/^successes with another's ticket: |^tickets unused: /);
    it('[R-1] TicketOnGuard in one process', async () => {
      expect(await mixUp(here)).toContainEqual(another);
    });
    it('[R-2] TicketOnGuard in four processes', async () => {
      expect(await mixUp(four)).toContainEqual(another);
    });

    // The doubles are caught by what the process leaves behind, and its end takes a new process each time.
    it.runIf(isFirst(database))('[R-4] a second success and a lost effect after a crash', async () => {
      const process = new AppProcess();
      const server = await process.open(setup.app());
      const casualties = await stopAtEach(setup, server, [
        ...placesOf('SelectThenUpdate', { 'after-effect': { ticket: 'claimed', effects: 1 } }),
        ...placesOf('StampWithoutCount', { 'in-handler': { ticket: 'free', effects: 0 } }),
      ]);
      await process.kill();
      const faults = await Promise.all(casualties.map((casualty) => inspect(setup, here[0]!, casualty)));
      expect(faults[0]).toContain('after-effect: answer to the next: 200, not 409 TICKET_BUSY');
      expect(faults[1]).toContain('in-handler: answer to the next: 403 TICKET_USED, not 200');
    });

    it('[R-5] StampOfAnybody when it wakes', async () => {
      const [process, other] = processes as [AppProcess, AppProcess];
      const settings = { abandonedAfter: '10m' } as const;
      const server = await process.open(setup.app(settings));
      const late = await other.open(setup.app({ ...settings, name: 'late', clockOffset: 11 * 60_000 }));
      const stall = {
        point: 'after-effect',
        wakes: 'during',
        outcome: '409 TICKET_BUSY',
        effects: 1,
      } as const;
      const faults = await overtake(setup, { process, server, late }, 'StampOfAnybody', [stall]);
      expect(faults).toContain(
        'after-effect, woken during: answer to the stalled request: 200, not 409 TICKET_BUSY',
      );
      expect(faults).toContainEqual(expect.stringMatching('row after it woke'));
    });
  });
});
