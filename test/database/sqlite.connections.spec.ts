import { readdirSync, readlinkSync } from 'node:fs';
import { setImmediate as nextTick } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { TicketBusyError, TicketOfficeModule, TicketService } from 'nestjs-ticketoffice';
import type { DataSource, EntityManager } from 'typeorm';
import { describe, expect, it, vi } from 'vitest';
import { SqliteConnections, DedicatedDataSource } from '../../lib/database/sqlite.connections.js';
import type { Claim } from '../../lib/tickets/claims/claim.js';
import { aroundQueries } from '../support/around-queries.js';
import { barrier } from '../support/barrier.js';
import { eachDatabase, type TestDatabase } from '../support/databases.js';
import { afterwards } from '../support/suite-scope.js';
import { SECRET } from '../support/office.js';
import { skipRetryWaits } from '../support/retry-waits.js';
import { Visit, visitsOf, writeVisit } from '../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit' };

/** Keeps the warnings that an app logs. */
class Warnings implements LoggerService {
  readonly texts: string[] = [];

  warn(text: string): void {
    this.texts.push(text);
  }

  log(): void {}
  error(): void {}
}

async function openOffice(database: Pick<TestDatabase, 'options'>, typeorm: object = {}) {
  const warnings = new Warnings();
  const root = database.options({ autoLoadEntities: true, synchronize: true, entities: [Visit], ...typeorm });
  const imports = [TypeOrmModule.forRoot(root), TicketOfficeModule.forRoot({ secret: SECRET })];
  const app = await Test.createTestingModule({ imports }).setLogger(warnings).compile();
  let isOpen = true;
  const close = async () => {
    if (isOpen) await app.close();
    isOpen = false;
  };
  afterwards(close);
  await app.init();
  const dataSource = app.get<DataSource>(getDataSourceToken());
  return { tickets: app.get(TicketService), dataSource, warnings: warnings.texts, close };
}

const inMemory = (database: string): Pick<TestDatabase, 'options'> => ({
  options: (overrides) => ({ type: 'better-sqlite3', database, retryAttempts: 1, ...(overrides as object) }),
});

eachDatabase('A SQLite database', (database) => {
  describe.runIf(database.type === 'better-sqlite3')('in a file', () => {
    const file = (database.options() as { database: string }).database;
    const openFiles = () =>
      readdirSync('/proc/self/fd')
        .map((fd) => {
          try {
            return readlinkSync(`/proc/self/fd/${fd}`);
          } catch {
            return '';
          }
        })
        .filter((path) => path.startsWith(file));

    it('logs no warning', async () => {
      expect((await openOffice(database)).warnings).toEqual([]);
    });

    it.runIf(process.platform === 'linux')('is closed with the app', async () => {
      const { tickets, close } = await openOffice(database);
      const { ticket } = await tickets.issue(visit);
      await tickets.redeem(ticket, 'louvre', 'visit', () => undefined);
      expect(openFiles().length).toBeGreaterThan(0);
      await close();
      expect(openFiles()).toEqual([]);
    });

    it.each([{ enableWAL: true }, {}])(
      '[R-15] lets others read while a redemption writes, with %j',
      async (mode) => {
        const { tickets, dataSource } = await openOffice(database, mode);
        const { ticket } = await tickets.issue(visit);
        await tickets.redeem(ticket, 'louvre', 'visit', async ({ uuid }, manager) => {
          await writeVisit(manager, uuid);
          expect(await visitsOf(dataSource, uuid)).toBe(0);
          expect((await tickets.find(uuid))!.used).toBe(false);
        });
      },
    );

    it.each(['read', 'write', 'transaction'] as const)(
      '[R-15] is opened for a %s without a time-out that would block the process',
      async (use) => {
        const connections = await SqliteConnections.open((await openOffice(database)).dataSource);
        afterwards(() => connections.close());
        const loan = await connections.acquire(use);
        expect(await loan.queryRunner.query('PRAGMA busy_timeout')).toEqual([{ timeout: 0 }]);
        expect(await loan.queryRunner.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
        await loan.release();
      },
    );

    it('[R-15] that another process has locked is waited for', async () => {
      const { tickets, dataSource } = await openOffice(database);
      const other = await database.connect({ entities: [Visit] });
      const { ticket } = await tickets.issue(visit);
      const met = barrier();
      aroundQueries(dataSource, (_, run) =>
        run().catch((error: unknown) => {
          met.open();
          throw error;
        }),
      );
      let claiming: Promise<Claim> | undefined;
      await other.transaction(async (manager) => {
        await writeVisit(manager, 'another process');
        claiming = tickets.claim(ticket);
        await met.opened;
        expect(await tickets.find(ticket.uuid)).not.toBeNull();
      });
      await (await claiming!).stamp();
      expect((await tickets.find(ticket.uuid))!.used).toBe(true);
    });

    it('[R-15] that is locked for long has an answer of its own', async () => {
      skipRetryWaits();
      const { tickets, dataSource } = await openOffice(database);
      const { ticket } = await tickets.issue(visit);
      const holding = dataSource.transaction(async (manager) => {
        await writeVisit(manager, 'for long');
        await expect(tickets.claim(ticket)).rejects.toMatchObject({ code: 'TICKET_OFFICE_BUSY' });
      });
      await holding;
      await tickets.claim(ticket);
    });

    it('[M-3] lets redemptions of many tickets take turns, in the order they came, however long each takes', async () => {
      const { tickets } = await openOffice(database);
      const issued = await Promise.all(Array.from({ length: 30 }, () => tickets.issue(visit)));
      const order: string[] = [];
      let running = 0;
      const redeemed = issued.map(({ ticket }) =>
        tickets.redeem(ticket, 'louvre', 'visit', async ({ uuid }, manager) => {
          running += 1;
          expect(running).toBe(1);
          await writeVisit(manager, uuid);
          await nextTick();
          order.push(uuid);
          running -= 1;
        }),
      );
      await Promise.all(redeemed);
      expect(order).toEqual(issued.map(({ ticket }) => ticket.uuid));
    });

    it('[R-15] is open again after a transaction that could not be ended, though opening it failed first', async () => {
      const { tickets } = await openOffice(database);
      const redeem = async (work: (manager: EntityManager) => unknown) => {
        const { ticket } = await tickets.issue(visit);
        return tickets.redeem(ticket, 'louvre', 'visit', (_, manager) => work(manager));
      };
      const opening = vi.spyOn(DedicatedDataSource.prototype, 'initialize');
      afterwards(() => opening.mockRestore());
      opening.mockRejectedValueOnce(Object.assign(new Error('no such luck'), { code: 'SQLITE_CANTOPEN' }));
      // TypeORM takes the transaction for open: to roll it back fails.
      const over = redeem(async (manager) => {
        await manager.query('ROLLBACK');
        throw new Error('The roof leaks');
      });
      await expect(over).rejects.toThrow('The roof leaks');
      await expect(redeem(() => 'Welcome')).rejects.toThrow('no such luck');
      expect(await redeem(() => 'Welcome')).toBe('Welcome');
      expect(opening).toHaveBeenCalledTimes(2);
    });

    it('[R-15] has no time-out that the app has set for its own', async () => {
      const prepareDatabase = (connection: { pragma: (sql: string) => unknown }) =>
        connection.pragma('busy_timeout = 4000');
      const { dataSource } = await openOffice(database, { prepareDatabase });
      expect(await dataSource.query('PRAGMA busy_timeout')).toEqual([{ timeout: 4000 }]);
      const connections = await SqliteConnections.open(dataSource);
      afterwards(() => connections.close());
      const { queryRunner } = await connections.acquire('write');
      expect(await queryRunner.query('PRAGMA busy_timeout')).toEqual([{ timeout: 0 }]);
    });

    it('[R-15] tells the redemption of one ticket from those of others', async () => {
      const { tickets } = await openOffice(database);
      const [held, next] = [(await tickets.issue(visit)).ticket, (await tickets.issue(visit)).ticket];
      const [inside, gate] = [barrier(), barrier()];
      const holding = tickets.redeem(held, 'louvre', 'visit', () => {
        inside.open();
        return gate.opened;
      });
      await inside.opened;
      const waiting = tickets.redeem(next, 'louvre', 'visit', () => 'Welcome');
      await expect(tickets.claim(held)).rejects.toMatchObject({ code: 'TICKET_BUSY' });
      gate.open();
      await holding;
      expect(await waiting).toBe('Welcome');
    });
  });

  describe.runIf(database.type === 'better-sqlite3')('that is one connection', () => {
    it.each([':memory:', ''])('[R-15] (%j) logs a warning at boot, with what to write', async (name) => {
      const { warnings } = await openOffice(inMemory(name));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('rolls back undoes claims and stamps');
      expect(warnings[0]).toContain("type: 'better-sqlite3' and a file");
    });

    it('works all the same', async () => {
      const { tickets, dataSource } = await openOffice(inMemory(':memory:'));
      const { ticket, credentials } = await tickets.issue(visit);
      const failing = tickets.redeem(credentials, 'louvre', 'visit', async ({ uuid }, manager) => {
        await writeVisit(manager, uuid);
        throw new Error('The roof leaks');
      });
      await expect(failing).rejects.toThrow('The roof leaks');
      expect(await visitsOf(dataSource, ticket.uuid)).toBe(0);
      await (await tickets.claim(ticket)).stamp();
      expect((await tickets.find(ticket.uuid))!.used).toBe(true);
    });

    it('[R-15] lets a redemption wait for a transaction of the app’s, and leaves that alone', async () => {
      const { tickets, dataSource } = await openOffice(inMemory(':memory:'));
      const { ticket } = await tickets.issue(visit);
      const [inside, gate] = [barrier(), barrier()];
      const apps = dataSource.transaction(async (manager) => {
        await writeVisit(manager, 'app');
        inside.open();
        await gate.opened;
        throw new Error('The app rolls back');
      });
      await inside.opened;
      const met = turnedAway();
      const redeemed = tickets.redeem(ticket, 'louvre', 'visit', ({ uuid }, manager) =>
        writeVisit(manager, uuid),
      );
      await met;
      gate.open();
      await expect(apps).rejects.toThrow('The app rolls back');
      await redeemed;
      expect([await visitsOf(dataSource, 'app'), await visitsOf(dataSource, ticket.uuid)]).toEqual([0, 1]);
    });

    it('[M-11] makes a guest who asks from within a redemption busy, and shows others', async () => {
      const { tickets } = await openOffice(inMemory(':memory:'));
      const [{ ticket, credentials }, other] = [await tickets.issue(visit), await tickets.issue(visit)];
      await tickets.redeem(ticket, 'louvre', 'visit', async () => {
        await expect(tickets.authenticate(credentials, 'louvre', 'visit')).rejects.toThrow(TicketBusyError);
        await tickets.authenticate(other.credentials, 'louvre', 'visit');
      });
      expect((await tickets.find(ticket.uuid))!.used).toBe(true);
    });

    it('works on after a redemption', async () => {
      const { tickets, dataSource } = await openOffice(inMemory(':memory:'));
      const { ticket } = await tickets.issue(visit);
      await tickets.redeem(ticket, 'louvre', 'visit', () => undefined);
      await tickets.issue(visit);
      await dataSource.transaction((manager) => writeVisit(manager, 'app'));
      expect(await visitsOf(dataSource, 'app')).toBe(1);
    });

    it('[R-1] has one success of twenty redemptions at once', async () => {
      const { tickets, dataSource } = await openOffice(inMemory(':memory:'));
      const { ticket } = await tickets.issue(visit);
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () =>
          tickets.redeem(ticket, 'louvre', 'visit', ({ uuid }, manager) => writeVisit(manager, uuid)),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await visitsOf(dataSource, ticket.uuid)).toBe(1);
    });
  });
});

/** Resolves once a redemption was turned away, and has come again. */
async function turnedAway(): Promise<void> {
  const lending = vi.spyOn(SqliteConnections.prototype, 'acquire');
  afterwards(() => lending.mockRestore());
  await vi.waitFor(() => {
    expect(lending.mock.calls.filter(([access]) => access === 'transaction').length).toBeGreaterThan(1);
  });
}
