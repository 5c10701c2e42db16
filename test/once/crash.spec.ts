import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase, isFirst } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess } from './app.process.js';
import { type Casualty, inspect, inspectAbandoned, stopAtEach } from './crash.js';
import { startServer } from './app.server.js';
import { type Setup, startSetup } from './setup.js';
import { race, WORST } from './race.js';
import { type Place, placesOf, LEFTOVERS, LEFTOVERS_OF_TRANSACTION } from './leftovers.js';

const MINUTE = 60_000;
const abandonedAfter = '10m';
const late = { abandonedAfter, clockOffset: 11 * MINUTE } as const;

const everywhere = placesOf('StampInvitation', LEFTOVERS);
const inHandler = everywhere.filter(({ point }) => point === 'in-handler' || point === 'after-effect');
const beforeEffect = everywhere.filter(({ point }) => point === 'after-claim' || point === 'in-handler');
const whileClaimed = everywhere.filter(({ leftovers }) => leftovers.ticket === 'claimed');
const inTransaction = placesOf('StampInTransaction', LEFTOVERS_OF_TRANSACTION);

describe('a process that ends', () => {
  ownResources();
  let other: AppProcess;
  beforeAll(() => {
    other = new AppProcess();
  });

  eachDatabase('in mid-request', (database) => {
    let setup: Setup;
    beforeAll(async () => {
      setup = await startSetup(database);
    });

    // A connection for each request that is stopped in mid-statement or in a transaction.
    const openIn = (process: AppProcess) =>
      process.open(setup.app({ name: 'victim', database: database.options({ poolSize: 20 }) }));

    describe('by SIGKILL', () => {
      ownResources();
      let lasting: Casualty[];
      let abandoned: Casualty[];
      let contested: Casualty[];
      let transacting: { setup: Setup; casualties: Casualty[] }[];
      beforeAll(async () => {
        const process = new AppProcess();
        const server = await openIn(process);
        lasting = await stopAtEach(setup, server, everywhere);
        abandoned = await stopAtEach(setup, server, whileClaimed);
        contested = await stopAtEach(setup, server, beforeEffect);
        transacting =
          database.type === 'better-sqlite3'
            ? await Promise.all(inTransaction.map((place, index) => stopInFile(process, place, index)))
            : [{ setup, casualties: await stopAtEach(setup, server, inTransaction) }];
        await process.kill();
      });

      /** SQLite has one transaction at a time: each of them in a file of its own. */
      const stopInFile = async (process: AppProcess, place: Place, index: number) => {
        const { database: file } = database.options() as { database: string };
        const own = await startSetup(database, { database: `${file}-${index}` });
        const server = await process.open(own.app({ name: 'victim' }));
        return { setup: own, casualties: await stopAtEach(own, server, [place]) };
      };

      it('[R-4] leaves no ticket that could succeed a second time', async () => {
        const server = await other.open(setup.app({ name: 'survivor' }));
        for (const casualty of lasting) expect(await inspect(setup, server, casualty)).toEqual([]);
      });

      it('[R-4] leaves tickets that can be taken over once they count as abandoned', async () => {
        const servers = {
          early: await other.open(setup.app({ abandonedAfter, clockOffset: 9 * MINUTE })),
          late: await other.open(setup.app(late)),
        };
        for (const casualty of abandoned) {
          expect(await inspectAbandoned(setup, servers, casualty)).toEqual([]);
        }
      });

      it('[R-4] leaves tickets that one of many takes over', async () => {
        const servers = [
          await other.open(setup.app(late)),
          await startServer(setup.app({ ...late, name: 'here' })),
        ];
        const guests = contested.map(({ guest }) => guest);
        const rules = { route: 'StampInvitation', tickets: guests, size: 16, held: WORST } as const;
        expect(await race(setup, servers, rules)).toEqual([]);
      });

      it('[R-4] leaves stamp and effect of a transaction, or neither', async () => {
        for (const { setup: its, casualties } of transacting) {
          const server = await other.open(its.app({ name: 'survivor' }));
          for (const casualty of casualties) expect(await inspect(its, server, casualty)).toEqual([]);
        }
      });
    });

    // It waits for its handlers, which never end here.
    it.runIf(isFirst(database))('[R-9] and starts again revives nothing', async () => {
      const process = new AppProcess();
      const server = await openIn(process);
      const casualties = await stopAtEach(setup, server, inHandler);
      await process.stop();
      const again = await other.open(setup.app({ name: 'victim' }));
      for (const casualty of casualties) expect(await inspect(setup, again, casualty)).toEqual([]);
    });
  });
});
