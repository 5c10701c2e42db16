import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase, eachServer } from '../support/databases.js';
import { ownResources } from '../support/suite-scope.js';
import { AppProcess } from './app.process.js';
import type { AppSettings } from './app.settings.js';
import { cutConnections } from './connection.cut.js';
import { type Setup, startSetup } from './setup.js';
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

  const openBoth = async (setup: Setup, settings: Partial<AppSettings>) => {
    const clockOffset = 11 * 60_000;
    return {
      process: stalling,
      server: await stalling.open(setup.app({ ...settings, abandonedAfter: '10m', name: 'slow' })),
      late: await other.open(setup.app({ ...settings, abandonedAfter: '10m', name: 'late', clockOffset })),
    };
  };

  eachDatabase('until others have taken over', (database) => {
    it('[R-5] changes nothing when it wakes', async () => {
      const setup = await startSetup(database);
      // Connections for all that are held in mid-statement.
      const servers = await openBoth(setup, { database: database.options({ poolSize: 20 }) });
      expect(await overtake(setup, servers, 'StampInvitation', stalls)).toEqual([]);
    });
  });

  eachServer('in a transaction', (database) => {
    it('[R-5] keeps its ticket as long as its connection, and rolls back when it wakes without', async () => {
      const setup = await startSetup(database);
      const { server, late } = await openBoth(setup, {});
      const guest = await setup.invite();
      const slow = await guest.stopAt('after-effect', server, 'StampInTransaction');
      stalling.stall();
      expect(await guest.visit(late, 'StampInTransaction')).toBe(busy);
      await cutConnections(setup.dataSource);
      expect(await guest.visit(late, 'StampInTransaction')).toBe('200');
      stalling.wake();
      slow.goOn();
      expect(await slow.outcome).toBe('503 TICKET_OFFICE_BUSY');
      expect(await setup.effects(guest.uuid)).toEqual(['late']);
    });
  });
});
