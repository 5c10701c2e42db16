import { Ticket, TicketBusyError } from 'nestjs-ticketoffice';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { isSqlite } from '../../lib/database/dialect.js';
import { eachDatabase } from '../support/databases.js';
import { startOffice, rawRow, type TicketOffice } from '../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const HUMAN = { password: 'I love Paris' };

/** TypeORM's names for the drivers of servers. */
const SERVERS =
  /^(aurora-mysql|aurora-postgres|cockroachdb|mariadb|mongodb|mssql|mysql|oracle|postgres|sap|spanner)$/;

it('Each driver that the installed TypeORM has is one of a server, or known as one of SQLite', () => {
  const drivers = (type: string) => () => new DataSource({ type } as unknown as DataSourceOptions);
  expect(drivers('none')).toThrow(/Supported drivers are: "/);
  const [, list] = /Supported drivers are: (.*)\./.exec(String(catching(drivers('none'))))!;
  const names = list!.split(', ').map((name) => JSON.parse(name) as string);
  expect(names).toContain('better-sqlite3');
  const unknown = names.filter(
    (type) => !SERVERS.test(type) && !isSqlite({ options: { type } } as DataSource),
  );
  expect(unknown).toEqual([]);
});

function catching(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

eachDatabase('The row of a ticket', (database) => {
  describe.runIf(database.type !== 'better-sqlite3')('that a transaction of the app holds', () => {
    let office: TicketOffice;
    beforeAll(async () => {
      office = await startOffice(database);
    });

    /** Does something while the app has changed the row and not committed: whoever waited would wait for ever. */
    const held = async (act: (ticket: Ticket) => Promise<unknown>, input: object = {}) => {
      const { ticket } = await office.tickets.issue({ ...visit, ...input });
      await office.dataSource.transaction(async (manager) => {
        await manager.update(Ticket, { uuid: ticket.uuid }, { subject: 'changed' });
        await act(ticket);
      });
      await (await office.tickets.claim(ticket)).stamp();
    };

    it('[M-11] makes a claim busy', () =>
      held((ticket) => expect(office.tickets.claim(ticket)).rejects.toThrow(TicketBusyError)));

    it('[M-11] makes a redemption busy', () =>
      held((ticket) => {
        const redeemed = office.tickets.redeem(ticket, 'louvre', 'visit', () => undefined);
        return expect(redeemed).rejects.toThrow(TicketBusyError);
      }));

    it('[M-11] makes a guess at a human password busy, right or wrong, and counts none', () =>
      held(async ({ uuid }) => {
        for (const password of [HUMAN.password, 'wrong']) {
          const guess = office.tickets.authenticate({ uuid, password }, 'louvre', 'visit');
          await expect(guess).rejects.toThrow(TicketBusyError);
        }
        expect((await rawRow(office.dataSource, uuid))['attempts']).toBe(0);
      }, HUMAN));

    it('[M-11] is no hindrance to the claims of other tickets', () =>
      held(async () => {
        const { ticket } = await office.tickets.issue(visit);
        await (await office.tickets.claim(ticket)).stamp();
      }));

    it('[M-11] holds up no call that only reads', () =>
      held(async ({ uuid }) => {
        expect((await office.tickets.find(uuid))!.subject).toBeNull();
      }));
  });
});
