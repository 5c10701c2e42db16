import { randomUUID } from 'node:crypto';
import { setImmediate as nextTick } from 'node:timers/promises';
import { type Ticket, TicketError, TicketOfficeBusyError } from 'nestjs-ticketoffice';
import {
  type EntityManager,
  type EntitySubscriberInterface,
  EventSubscriber,
  type InsertEvent,
  type TransactionCommitEvent,
} from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { aroundQueries } from '../../support/around-queries.js';
import { barrier } from '../../support/barrier.js';
import { eachDatabase } from '../../support/databases.js';
import { faultsOn, lostFaultsOn, spoil } from '../../support/driver-faults.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { skipRetryWaits } from '../../support/retry-waits.js';
import { isStamp } from '../../support/statement-kinds.js';
import { Visit, visitsOf, writeVisit } from '../../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit' };
const isCommit = (sql: string) => sql === 'COMMIT';

eachDatabase('The outcome of redeem()', (database) => {
  const onPostgres = describe.runIf(database.type === 'postgres');
  const onMariadb = describe.runIf(database.type === 'mariadb');

  const open = (typeorm: object) => startOffice(database, {}, { entities: [Visit], ...typeorm });

  /** Its pool is one connection: what one transaction left on it, the next one would meet, in the next test, too. */
  let narrow: TicketOffice;
  beforeAll(async () => {
    narrow = await open({ poolSize: 1 });
    skipRetryWaits();
  });

  async function newTicket(office = narrow) {
    const { ticket } = await office.tickets.issue(visit);
    const { uuid } = ticket;
    let runs = 0;
    const redeem = (work: (manager: EntityManager, ticket: Ticket) => unknown) =>
      office.tickets.redeem(ticket, 'louvre', 'visit', (admitted, manager) => {
        runs += 1;
        return work(manager, admitted);
      });
    /** How it ended, and what is there: the two have to agree. */
    const outcome = async (redemption: Promise<unknown>) => ({
      error: await redemption.then(() => undefined).catch((error: unknown) => error),
      used: (await office.tickets.find(uuid))!.used,
      visits: await visitsOf(office.dataSource, uuid),
      runs,
    });
    const write = (manager: EntityManager) => writeVisit(manager, uuid);
    const UNDONE = { error: expect.any(TicketOfficeBusyError), used: false, visits: 0, runs: 1 };
    const DONE = { error: undefined, used: true, visits: 1, runs: 1 };
    /** Asserts that nothing is left of it, neither on the row nor on the connection. */
    const expectAsNew = async () => {
      expect(await outcome(redeem(write))).toEqual({ ...DONE, runs });
    };
    return { ...office, uuid, redeem, outcome, write, UNDONE, DONE, expectAsNew };
  }

  describe('when its work swallows that a statement failed', () => {
    it('is what was written, whatever that is', async () => {
      const { redeem, outcome, write, expectAsNew } = await newTicket();
      const end = await outcome(
        redeem(async (manager) => {
          await write(manager);
          await manager.query('SELECT * FROM nowhere').catch(() => undefined);
        }),
      );
      const isDone = end.error === undefined;
      expect(end).toMatchObject({ used: isDone, visits: Number(isDone) });
      if (!isDone) await expectAsNew();
    });

    onPostgres('where that spoils the transaction', () => {
      it('is no success', async () => {
        const { redeem, outcome, write, UNDONE, expectAsNew } = await newTicket();
        const swallowing = redeem(async (manager) => {
          await write(manager);
          await manager.query('SELECT * FROM nowhere').catch(() => undefined);
          return 'success';
        });
        expect(await outcome(swallowing)).toEqual(UNDONE);
        await expectAsNew();
      });
    });

    onMariadb('where that was a deadlock, which ends the transaction', () => {
      it.each<[string, (manager: EntityManager, id: string) => Promise<unknown>]>([
        ['a statement', touch],
        ['a transaction within', (manager, id) => manager.transaction((nested) => touch(nested, id))],
      ])('of %s, is no success, and nothing is left of it', async (_, lockOut) => {
        const { dataSource, redeem, outcome, write, UNDONE, expectAsNew } = await newTicket(await open({}));
        const [mine, other] = [await writeOne(dataSource.manager), await writeOne(dataSource.manager)];
        let met: unknown;
        const swallowing = redeem(async (manager) => {
          await write(manager);
          await touch(manager, mine);
          const locked = barrier();
          // Of two transactions that wait for each other, the one that has written more survives.
          const rival = dataSource.transaction(async (heavier) => {
            for (let rows = 0; rows < 50; rows += 1) await writeOne(heavier);
            await touch(heavier, other);
            locked.open();
            await touch(heavier, mine);
          });
          await locked.opened;
          await lockOut(manager, other).catch((error: unknown) => (met = error));
          await write(manager);
          await rival;
          return 'success';
        });
        expect(await outcome(swallowing)).toEqual(UNDONE);
        expect(met).toMatchObject({ driverError: { errno: 1213 } });
        await expectAsNew();
      });
    });
  });

  describe('when its work ends the transaction itself', () => {
    it.each<[string, (manager: EntityManager) => Promise<unknown>]>([
      ['rolls it back', (manager) => manager.queryRunner!.rollbackTransaction()],
      ['sends ROLLBACK', (manager) => manager.query('ROLLBACK')],
    ])('is no success: %s', async (_, end) => {
      const { redeem, outcome, write, UNDONE, expectAsNew } = await newTicket();
      const ending = redeem(async (manager) => {
        await write(manager);
        await end(manager);
      });
      expect(await outcome(ending)).toEqual(UNDONE);
      await expectAsNew();
    });

    it.each<[string, (manager: EntityManager) => Promise<unknown>]>([
      ['commits it', (manager) => manager.queryRunner!.commitTransaction()],
      ['sends COMMIT', (manager) => manager.query('COMMIT')],
    ])('is what was committed: %s', async (_, end) => {
      const { redeem, outcome, write } = await newTicket();
      const ending = redeem(async (manager) => {
        await write(manager);
        await end(manager);
      });
      expect(await outcome(ending)).toMatchObject({ used: true, visits: 1, runs: 1 });
      await expect(redeem(write)).rejects.toThrow('already been used');
    });
  });

  describe('when its work leaves a transaction of its own open', () => {
    it('is no success', async () => {
      const { redeem, outcome, write, UNDONE, expectAsNew } = await newTicket();
      const leaving = redeem(async (manager) => {
        await write(manager);
        await manager.queryRunner!.startTransaction();
        await write(manager);
        return 'success';
      });
      expect(await outcome(leaving)).toEqual(UNDONE);
      await expectAsNew();
    });

    it('and throws, is as it was', async () => {
      const { redeem, outcome, write, UNDONE, expectAsNew } = await newTicket();
      const failing = redeem(async (manager) => {
        await write(manager);
        await manager.queryRunner!.startTransaction();
        await manager.queryRunner!.startTransaction();
        await write(manager);
        throw new Error('The roof leaks');
      });
      expect(await outcome(failing)).toEqual({ ...UNDONE, error: new Error('The roof leaks') });
      await expectAsNew();
    });

    it('and has not waited for its end, is as it was', async () => {
      const { redeem, outcome, write, UNDONE, expectAsNew } = await newTicket();
      const [inside, gate] = [barrier(), barrier()];
      let late: unknown;
      const failing = redeem(async (manager) => {
        const unwaited = manager.transaction(async (nested) => {
          await write(nested);
          inside.open();
          await gate.opened;
        });
        late = unwaited.catch((error: unknown) => error);
        await inside.opened;
        throw new Error('The roof leaks');
      });
      expect(await outcome(failing)).toEqual({ ...UNDONE, error: new Error('The roof leaks') });
      gate.open();
      await late;
      await expectAsNew();
    });
  });

  describe('when its work has not waited for all that it writes', () => {
    it('is what was written before it returned, however that ends', async () => {
      const { redeem, outcome, write } = await newTicket();
      const leaving = redeem(async (manager) => {
        await write(manager);
        void manager.query('SELECT * FROM nowhere').catch(() => undefined);
      });
      const end = await outcome(leaving);
      expect(end).toMatchObject({ used: end.error === undefined, visits: Number(end.error === undefined) });
    });

    it('waits for what it has sent, and then commits', async () => {
      const { dataSource, redeem, outcome, DONE, uuid } = await newTicket();
      const ended: string[] = [];
      aroundQueries(dataSource, async (sql, run) => {
        // As a subscriber of the app's does that takes its time before each statement.
        if (sql.startsWith('INSERT')) for (let ticks = 0; ticks < 200; ticks += 1) await nextTick();
        return run().finally(() => ended.push(sql.split(' ')[0]!));
      });
      const leaving = redeem((manager) => {
        void writeVisit(manager, uuid).catch(() => undefined);
      });
      expect(await outcome(leaving)).toEqual(DONE);
      expect(ended.filter((word) => ['INSERT', 'COMMIT'].includes(word))).toEqual(['INSERT', 'COMMIT']);
    });

    it('is no success that a failure behind its back undoes', async () => {
      const { redeem, outcome, write, DONE } = await newTicket();
      let refuse!: (error: unknown) => void;
      const late = new Promise<unknown>((resolve) => (refuse = resolve));
      const leaving = redeem(async (manager) => {
        await write(manager);
        const first = manager.query('SELECT 1');
        void first.then(() => manager.query('SELECT * FROM nowhere')).catch(refuse);
      });
      expect(await outcome(leaving)).toEqual(DONE);
      expect(await late).toMatchObject({ message: expect.stringContaining('await') });
    });

    it.each<
      [string, (manager: EntityManager, write: (to: EntityManager) => Promise<void>) => Promise<unknown>]
    >([
      ['a statement', (manager, write) => write(manager)],
      ['a transaction', (manager, write) => manager.transaction(write)],
      ['a rollback', (manager) => manager.queryRunner!.rollbackTransaction()],
      ['a commit', (manager) => manager.queryRunner!.commitTransaction()],
    ])('lets %s that comes late do nothing', async (_, send) => {
      const { redeem, outcome, write, DONE } = await newTicket();
      let kept: EntityManager | undefined;
      const failing = redeem(async (manager) => {
        kept = manager;
        await write(manager);
        throw new Error('The roof leaks');
      });
      await failing.catch(() => undefined);
      await expect(send(kept!, write)).rejects.toThrow('await');
      // Neither in the next transaction on that connection.
      const [inside, gate] = [barrier(), barrier()];
      const next = redeem(async (manager) => {
        inside.open();
        await gate.opened;
        await write(manager);
      });
      await inside.opened;
      await expect(send(kept!, write)).rejects.toThrow('await');
      gate.open();
      expect(await outcome(next)).toEqual({ ...DONE, runs: 2 });
    });

    it('lets a subscriber that comes late do nothing, too', async () => {
      const inside = barrier();
      const gate = barrier();
      let late: unknown;
      @EventSubscriber()
      class Echo implements EntitySubscriberInterface<Visit> {
        listenTo = () => Visit;

        async afterInsert({ manager, entity }: InsertEvent<Visit>): Promise<void> {
          if (entity.uuid === 'echo') return;
          inside.open();
          await gate.opened;
          late = await writeVisit(manager, 'echo').catch((error: unknown) => error);
        }
      }
      const { dataSource, redeem, uuid, write } = await newTicket(await open({ subscribers: [Echo] }));
      let saving: Promise<unknown> | undefined;
      await redeem(async (manager) => {
        saving = write(manager);
        await inside.opened;
      });
      gate.open();
      await saving;
      expect(late).toMatchObject({ message: expect.stringContaining('This transaction is over') });
      expect([await visitsOf(dataSource, uuid), await visitsOf(dataSource, 'echo')]).toEqual([1, 0]);
    });

    it('lets a subscriber write before the commit, with the rest', async () => {
      @EventSubscriber()
      class Auditor implements EntitySubscriberInterface {
        async beforeTransactionCommit({ manager }: TransactionCommitEvent): Promise<void> {
          await writeVisit(manager, 'auditor');
        }
      }
      const { dataSource, redeem, outcome, write, DONE } = await newTicket(
        await open({ subscribers: [Auditor] }),
      );
      const before = await visitsOf(dataSource, 'auditor');
      expect(await outcome(redeem(write))).toEqual(DONE);
      expect(await visitsOf(dataSource, 'auditor')).toBe(before + 1);
    });

    it('keeps the connection, whatever the work does to release it', async () => {
      const { redeem, outcome, write, DONE } = await newTicket();
      const releasing = redeem(async (manager) => {
        await manager.queryRunner!.release();
        await write(manager);
      });
      expect(await outcome(releasing)).toEqual(DONE);
    });
  });

  describe('when the database fails', () => {
    it.each(faultsOn(database))(
      'to commit, with a %s, agrees with what was committed, and the work ran once',
      async (_, make) => {
        const { dataSource, redeem, outcome, write } = await newTicket();
        spoil(dataSource, isCommit, make, { times: 1 });
        const end = await outcome(redeem(write));
        const isDone = end.error === undefined;
        expect(end).toMatchObject({ used: isDone, visits: Number(isDone), runs: 1 });
        if (!isDone) expect(end.error).toBeInstanceOf(TicketOfficeBusyError);
      },
    );

    it.each(lostFaultsOn(database))(
      'to say that it has committed, with a %s, is a success',
      async (_, make) => {
        const { dataSource, redeem, outcome, write, DONE } = await newTicket();
        spoil(dataSource, isCommit, make, { times: 1, isRun: true });
        expect(await outcome(redeem(write))).toEqual(DONE);
      },
    );

    it.each(faultsOn(database).slice(-1))(
      'to begin, with a %s three times, is a success',
      async (_, make) => {
        const { dataSource, redeem, outcome, write, DONE } = await newTicket();
        const begun = spoil(dataSource, (sql) => /^(BEGIN|START) /.test(sql), make, { times: 3 });
        expect(await outcome(redeem(write))).toEqual(DONE);
        expect(begun).toHaveLength(4);
      },
    );

    it.each(faultsOn(database))('to stamp, with a %s three times, is a success', async (_, make) => {
      const { dataSource, redeem, outcome, write, DONE } = await newTicket();
      const stamps = spoil(dataSource, isStamp, make, { times: 3 });
      expect(await outcome(redeem(write))).toEqual(DONE);
      expect(stamps).toHaveLength(4);
    });

    it.each(lostFaultsOn(database).slice(-1))(
      'to answer the stamp, with a %s, is a success',
      async (_, make) => {
        const { dataSource, redeem, outcome, write, DONE } = await newTicket();
        spoil(dataSource, isStamp, make, { times: 3, isRun: true });
        expect(await outcome(redeem(write))).toEqual(DONE);
      },
    );

    it.each(faultsOn(database).slice(-1))(
      'for good to stamp, with a %s, is an error and no work',
      async (_, make) => {
        const { dataSource, redeem, outcome, write } = await newTicket();
        const stamps = spoil(dataSource, isStamp, make, { times: Infinity });
        const end = await outcome(redeem(write));
        expect(end).toEqual({ error: expect.any(TicketOfficeBusyError), used: false, visits: 0, runs: 0 });
        expect((end.error as Error).cause).toMatchObject({ driverError: make() });
        if (database.type !== 'better-sqlite3') expect(stamps).toHaveLength(4);
      },
    );

    it('with an error that is not transient, is that error, at once', async () => {
      const { dataSource, redeem, outcome, write, expectAsNew } = await newTicket();
      const full = new Error('disk full');
      const stamps = spoil(dataSource, isStamp, () => full, { times: 1 });
      const end = await outcome(redeem(write));
      expect(end).toMatchObject({ error: { driverError: full }, used: false, visits: 0, runs: 0 });
      expect(end.error).not.toBeInstanceOf(TicketError);
      expect(stamps).toHaveLength(1);
      await expectAsNew();
    });
  });
});

/** A row to be locked; its id. */
async function writeOne(manager: EntityManager): Promise<string> {
  const id = randomUUID();
  await manager.insert(Visit, { id, uuid: 'nobody' });
  return id;
}

const touch = (manager: EntityManager, id: string) => manager.update(Visit, { id }, { uuid: 'somebody' });
