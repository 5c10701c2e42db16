import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { ownResources } from '../../support/suite-scope.js';
import { openTicketOffice, type TicketOffice } from '../../support/ticket-office.js';
import { TIME_FOR_ROUNDS } from '../extent.js';
import { ABANDONED_AFTER, anySequence } from './commands.js';
import { Deed } from './deed.entity.js';
import { LouvreModel } from './louvre.model.js';
import { Louvre } from './louvre.js';
import { runs } from './runs.js';

eachDatabase('any sequence of calls', (database) => {
  describe.each([null, ABANDONED_AFTER])('where claims are abandoned after %s ms', (abandonedAfter) => {
    ownResources();
    const clock = new TestClock();
    let office: TicketOffice;
    beforeAll(async () => {
      office = await openTicketOffice(database, { now: clock.now, abandonedAfter }, { entities: [Deed] });
    });

    it(
      'is answered as the model has it, and leaves the rows that it has',
      () =>
        fc.assert(
          fc.asyncProperty(anySequence, (sequence) =>
            fc.asyncModelRun(
              () => ({
                model: new LouvreModel({ now: clock.now().getTime(), abandonedAfter }),
                real: new Louvre(office.tickets, clock, office.dataSource),
              }),
              sequence,
            ),
          ),
          runs(30),
        ),
      TIME_FOR_ROUNDS,
    );
  });
});
