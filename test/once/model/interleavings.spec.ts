import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { openTicketOffice } from '../../support/ticket-office.js';
import { TIME_FOR_ROUNDS } from '../extent.js';
import { ABANDONED_AFTER } from './commands.js';
import { Deed } from './deed.entity.js';
import { interleave } from './interleaving.js';
import { runs } from './runs.js';
import { anyScripts } from './scripts.js';
import { Turns } from './turns.js';

eachDatabase('any interleaving of what several do with a ticket', (database) => {
  it(
    'lets one of them use it, once, and who has lost it change nothing',
    async () => {
      const clock = new TestClock();
      const options = { now: clock.now, abandonedAfter: ABANDONED_AFTER };
      const { tickets, dataSource } = await openTicketOffice(database, options, { entities: [Deed] });
      Turns.takeOver(dataSource);
      const scene = { office: tickets, clock, dataSource };
      const property = fc.asyncProperty(anyScripts, fc.scheduler(), async (scripts, scheduler) => {
        expect(await interleave(scene, scripts, scheduler)).toEqual([]);
      });
      await fc.assert(property, runs(30));
    },
    TIME_FOR_ROUNDS,
  );
});
