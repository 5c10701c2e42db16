import { Ticket, TicketInputError } from 'nestjs-ticketoffice';
import { DataSource, type EntityManager } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { StatementLog } from '../../support/statement-log.js';
import { rawRow, startOffice, type TicketOffice } from '../../support/office.js';
import { afterwards } from '../../support/suite-scope.js';

const visit = { place: 'louvre', purpose: 'visit' };

eachDatabase('A call in the app’s own transaction', (database) => {
  const log = new StatementLog();
  const logged = { logger: log, logging: ['query'] as ['query'] };
  let office: TicketOffice;
  let uuid: string;
  beforeAll(async () => {
    office = await startOffice(database, {}, logged);
    uuid = (await office.tickets.issue(visit)).ticket.uuid;
  });

  const calls: [string, (manager: EntityManager) => Promise<unknown>][] = [
    ['issue()', (manager) => office.tickets.issue(visit, manager)],
    [
      'issue()',
      (manager) => office.tickets.issue({ ...visit, subject: 'x', onDuplicate: 'reject' }, manager),
    ],
    ['revokeAll()', (manager) => office.tickets.revokeAll(visit, manager)],
    ['revoke()', (manager) => office.tickets.revoke(uuid, manager)],
    ['revoke()', (manager) => office.tickets.revoke('no uuid', manager)],
    ['reissue()', (manager) => office.tickets.reissue(uuid, {}, manager)],
    ['reissue()', (manager) => office.tickets.reissue('no uuid', {}, manager)],
    ['reopen()', (manager) => office.tickets.reopen(uuid, manager)],
    ['reopen()', (manager) => office.tickets.reopen('no uuid', manager)],
  ];

  /** Expects that every call refuses the manager, in these words, before a statement is sent. */
  async function refusedByAll(manager: unknown, words: string) {
    // So that revoke() and reopen() would read the row, too.
    const subscription = office.tickets.events$.subscribe();
    afterwards(() => subscription.unsubscribe());
    const statements = await log.during(async () => {
      for (const [name, call] of calls) {
        const refused = call(manager as EntityManager);
        await expect(refused).rejects.toThrow(TicketInputError);
        await expect(refused).rejects.toThrow(`${name}: manager ${words}`);
      }
    });
    expect(statements).toEqual([]);
  }

  describe('writes nothing outside of it', () => {
    it.each<unknown>([
      'a transaction',
      {},
      null,
      1,
      { queryRunner: {} },
      { createQueryBuilder: () => undefined },
      { createQueryBuilder: () => undefined, transaction: () => undefined, dataSource: {} },
    ])('[M-4] for a manager that is none: %j', (manager) =>
      refusedByAll(manager, 'must be the EntityManager'),
    );

    it.each<[string, (dataSource: DataSource) => unknown]>([
      ['data source', (dataSource) => dataSource],
      ['repository', (dataSource) => dataSource.getRepository(Ticket)],
      ['query runner', (dataSource) => dataSource.createQueryRunner()],
      ['query builder', (dataSource) => dataSource.createQueryBuilder()],
    ])('[M-4] for a %s in its place', (_, make) =>
      refusedByAll(make(office.dataSource), 'must be the EntityManager'),
    );

    const others: [string, () => Promise<DataSource>][] = [
      [
        'another database',
        () => connected(new DataSource({ type: 'better-sqlite3', database: ':memory:', entities: [Ticket] })),
      ],
      ['the same database', () => database.connect({ entities: [Ticket], ...logged })],
    ];

    describe.each(others)('for a manager of another data source, to %s,', (_, connect) => {
      const words = 'is of another data source than the tickets';

      it('[A-11] that is in no transaction', async () => {
        await refusedByAll((await connect()).manager, words);
      });

      it('[A-11] that is in a transaction', async () => {
        await (await connect()).transaction((manager) => refusedByAll(manager, words));
      });

      it('[A-11] whose connection is another’s', async () => {
        const runner = (await connect()).createQueryRunner();
        afterwards(() => runner.release());
        await refusedByAll(office.dataSource.createEntityManager(runner), words);
      });
    });

    it.skipIf(database.type === 'better-sqlite3')(
      '[A-11] for a manager whose connection is released',
      async () => {
        const kept = await office.dataSource.transaction(async (manager) => manager);
        await refusedByAll(kept, 'is of a transaction that is over');
      },
    );

    it('[A-11] for the manager of a redemption that is over', async () => {
      const { ticket } = await office.tickets.issue(visit);
      const kept = await office.tickets.redeem(ticket, 'louvre', 'visit', (_, manager) => manager);
      await refusedByAll(kept, 'is of a transaction that is over');
    });
  });

  describe('takes', () => {
    /** Issues, reissues, reopens and revokes a ticket through a manager. */
    async function useAll({ tickets }: TicketOffice, manager: EntityManager): Promise<string> {
      const { ticket } = await tickets.issue(visit, manager);
      await tickets.reissue(ticket.uuid, {}, manager);
      expect(await tickets.reopen(ticket.uuid, manager)).toBe(false);
      expect(await tickets.revoke(ticket.uuid, manager)).toBe(true);
      return ticket.uuid;
    }

    const revoked = async (one: string) => (await rawRow(office.dataSource, one))['revokedAt'] !== null;

    it('[A-11] the data source’s own manager', async () => {
      expect(await revoked(await useAll(office, office.dataSource.manager))).toBe(true);
    });

    it('[A-11] the manager of a transaction, and of a savepoint in it', async () => {
      const used = office.dataSource.transaction(async (manager) => [
        await useAll(office, manager),
        await manager.transaction((nested) => useAll(office, nested)),
      ]);
      for (const one of await used) expect(await revoked(one)).toBe(true);
    });

    it('[A-11] the manager of a query runner', async () => {
      const runner = office.dataSource.createQueryRunner();
      afterwards(() => runner.release());
      expect(await revoked(await useAll(office, runner.manager))).toBe(true);
    });

    it('[A-11] the manager of a redemption', async () => {
      const { ticket } = await office.tickets.issue(visit);
      const used = office.tickets.redeem(ticket, 'louvre', 'visit', (_, manager) => useAll(office, manager));
      expect(await revoked(await used)).toBe(true);
    });

    it('[A-11] a stand-in for it', async () => {
      const issued = office.dataSource.transaction(async (manager) => {
        const { ticket } = await office.tickets.issue(visit, new Proxy(manager, {}));
        expect(await office.tickets.find(ticket.uuid)).toBeNull();
        throw new Error('The app rolls back');
      });
      await expect(issued).rejects.toThrow('The app rolls back');
    });

    it('[A-11] the manager of a stand-in for the data source', async () => {
      const standIn = new Proxy(office.dataSource, {});
      expect(await revoked(await useAll(office, standIn.createEntityManager()))).toBe(true);
    });
  });
});

async function connected(dataSource: DataSource): Promise<DataSource> {
  await dataSource.initialize();
  afterwards(() => dataSource.destroy());
  return dataSource;
}
