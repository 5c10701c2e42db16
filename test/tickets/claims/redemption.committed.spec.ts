import { type Ticket, TicketUsedError } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { captureLog } from '../../invitations/captured-log.js';
import { afterwards } from '../../support/suite-scope.js';
import { aroundQueries } from '../../support/around-queries.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { Visit, visitsOf, writeVisit } from '../../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit' };
type Step = (manager: EntityManager) => Promise<unknown>;

eachDatabase('[A-12] A statement that commits the transaction of redeem() before its end', (database) => {
  const onMariadb = describe.runIf(database.type === 'mariadb');
  const others = describe.runIf(database.type !== 'mariadb');

  /** Its pool is one connection: what one transaction left on it, the next one would meet. */
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, {}, { entities: [Visit], poolSize: 1 });
    await office.dataSource.query('CREATE TABLE note (body varchar(20))');
  });

  async function newTicket() {
    const { ticket } = await office.tickets.issue(visit);
    const { uuid } = ticket;
    const redeem = (work: (manager: EntityManager, ticket: Ticket) => unknown) =>
      office.tickets.redeem(ticket, 'louvre', 'visit', (admitted, manager) => work(manager, admitted));
    const write: Step = (manager) => writeVisit(manager, uuid);
    const heard: string[] = [];
    const subscription = office.tickets.events$.subscribe(({ type }) => void heard.push(type));
    afterwards(() => subscription.unsubscribe());
    const state = async () => ({
      used: (await office.tickets.find(uuid))!.used,
      visits: await visitsOf(office.dataSource, uuid),
      heard: heard.filter((type) => type !== 'refused'),
    });
    return { uuid, redeem, write, state };
  }

  let columns = 0;
  const commits: [string, Step][] = [
    ['COMMIT', (manager) => manager.query('COMMIT')],
    ['TypeORM’s own commit', (manager) => manager.queryRunner!.commitTransaction()],
  ];
  const ddl: [string, Step][] = [
    ['TRUNCATE, of manager.clear()', (manager) => manager.queryRunner!.clearTable('note')],
    ['DDL', (manager) => manager.query(`ALTER TABLE note ADD COLUMN column${(columns += 1)} int`)],
  ];

  const shows = (early: [string, Step][]) => {
    it.each(early)(
      'is logged when the work fails afterwards, and the ticket is used: %s',
      async (_, commit) => {
        const { uuid, redeem, write, state } = await newTicket();
        const logged = captureLog();
        const failing = redeem(async (manager) => {
          await write(manager);
          await commit(manager);
          throw new Error('The roof leaks');
        });
        await expect(failing).rejects.toThrow('The roof leaks');
        expect(await state()).toEqual({ used: true, visits: 1, heard: ['stamped'] });
        expect(logged).toEqual([
          {
            level: 'error',
            text: expect.stringContaining(`Ticket ${uuid} is used although`),
            error: undefined,
          },
        ]);
        expect(logged[0]!.text).toContain('StampInvitation');
        await expect(redeem(write)).rejects.toThrow(TicketUsedError);
      },
    );

    it.each(early)('and that is followed by success is a success: %s', async (_, commit) => {
      const { uuid, redeem, write, state } = await newTicket();
      const logged = captureLog();
      await redeem(async (manager) => {
        await write(manager);
        await commit(manager);
      });
      expect(await state()).toEqual({ used: true, visits: 1, heard: ['stamped'] });
      const text = expect.stringContaining(`The work of ticket ${uuid} was not one transaction`);
      // Only the protocol of MariaDB and MySQL says so.
      expect(logged).toEqual(
        database.type === 'mariadb' ? [{ level: 'warn', text, error: 'TicketOffice' }] : [],
      );
    });

    it.each(early)('is logged when the work leaves a transaction open: %s', async (_, commit) => {
      const { uuid, redeem, write, state } = await newTicket();
      const logged = captureLog();
      const failing = redeem(async (manager) => {
        await write(manager);
        await commit(manager);
        if (!manager.queryRunner!.isTransactionActive) await manager.queryRunner!.startTransaction();
        await manager.queryRunner!.startTransaction();
      });
      const error = await failing.catch((reason: unknown) => reason);
      const isDone = error === undefined;
      expect(await state()).toEqual({ used: true, visits: 1, heard: ['stamped'] });
      if (!isDone) expect(logged).toMatchObject([{ text: expect.stringContaining(uuid) }]);
    });
  };
  describe('by hand', () => shows(commits));
  onMariadb('by itself', () => shows(ddl));

  others('is none of those that are part of the transaction here', () => {
    it.each(ddl)('%s', async (_, act) => {
      const { redeem, write, state } = await newTicket();
      const logged = captureLog();
      const failing = redeem(async (manager) => {
        await write(manager);
        await act(manager);
        throw new Error('The roof leaks');
      });
      await expect(failing).rejects.toThrow('The roof leaks');
      expect(await state()).toEqual({ used: false, visits: 0, heard: [] });
      expect(logged).toEqual([]);
    });
  });

  it('is looked for only when the work has failed', async () => {
    const { redeem, write } = await newTicket();
    const logged = captureLog();
    const sent: string[] = [];
    aroundQueries(office.dataSource, (sql, run) => (sent.push(sql), run()));
    await redeem(write);
    expect(sent.filter((sql) => sql.startsWith('SELECT'))).toHaveLength(1);
    expect(logged).toEqual([]);
    expect(sent.slice(sent.indexOf('COMMIT') + 1).filter((sql) => !sql.startsWith('SET'))).toEqual([]);
  });
});
