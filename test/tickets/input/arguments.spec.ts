import { TicketInputError } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { StatementLog } from '../../support/statement-log.js';
import { startOffice, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };

eachDatabase('A call in the app’s own transaction', (database) => {
  const log = new StatementLog();
  let office: TicketOffice;
  let uuid: string;
  beforeAll(async () => {
    office = await startOffice(database, {}, { logger: log });
    uuid = (await office.tickets.issue(visit)).ticket.uuid;
  });

  const calls: [string, (manager: EntityManager) => Promise<unknown>][] = [
    ['issue()', (manager) => office.tickets.issue(visit, manager)],
    ['revoke()', (manager) => office.tickets.revoke(uuid, manager)],
    ['reissue()', (manager) => office.tickets.reissue(uuid, {}, manager)],
    ['reopen()', (manager) => office.tickets.reopen(uuid, manager)],
  ];

  describe.each(calls)('%s', (name, call) => {
    it.each<unknown>(['a transaction', {}, null, 1, { queryRunner: {} }])(
      '[M-4] writes nothing outside of it for a manager that is none: %j',
      async (manager) => {
        const statements = await log.during(async () => {
          const refused = call(manager as EntityManager);
          await expect(refused).rejects.toThrow(TicketInputError);
          await expect(refused).rejects.toThrow(`${name}: manager must be the EntityManager`);
        });
        expect(statements).toEqual([]);
      },
    );
  });

  it('takes a stand-in for its manager', async () => {
    const issued = office.dataSource.transaction(async (manager) => {
      const { ticket } = await office.tickets.issue(visit, new Proxy(manager, {}));
      expect(await office.tickets.find(ticket.uuid)).toBeNull();
      throw new Error('The app rolls back');
    });
    await expect(issued).rejects.toThrow('The app rolls back');
  });
});
