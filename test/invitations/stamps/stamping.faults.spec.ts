import { StampInTransaction, StampInvitation } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachPlatform } from '../../support/platforms.js';
import { faultsOn, lostFaultsOn, spoil } from '../../support/driver-faults.js';
import { isClaim, isRelease, isStamp } from '../../support/statement-kinds.js';
import { type TransactionApp, startTransactionApp } from '../transaction.app.js';
import { startVisitApp, type VisitApp, ticketFor, visitController } from '../visit.app.js';

const isCommit = (sql: string) => sql === 'COMMIT';
const BUSY = { status: 503, errorCode: 'TICKET_OFFICE_BUSY', retry: '1' };

const told = ({
  status,
  body,
  headers,
}: Awaited<ReturnType<Awaited<ReturnType<typeof ticketFor>>['visit']>>) => ({
  status,
  errorCode: (JSON.parse(body) as { errorCode: string }).errorCode,
  retry: headers['retry-after'],
});

eachPlatform('a database that fails for a moment over HTTP', (database, adapter) => {
  // A locked file of SQLite is waited for for seconds, as retry.spec.ts shows: there, PostgreSQL's instead.
  const lasting =
    database.type === 'better-sqlite3' ? lostFaultsOn({ type: 'postgres' }) : faultsOn(database);

  describe.each([StampInvitation, StampInTransaction].map((stamp) => [stamp.name, stamp] as const))(
    'behind %s',
    (_name, interceptor) => {
      // In a transaction the ticket is taken and stamped by the same statement.
      const takes = interceptor === StampInvitation ? isClaim : isStamp;
      let visitApp: VisitApp;
      beforeAll(async () => {
        visitApp = await startVisitApp(adapter, database, { controllers: [visitController(interceptor)] });
      });

      it.each(faultsOn(database).slice(-2))('(%s) at the claim is not noticed', async (_, make) => {
        const guest = await ticketFor(visitApp);
        spoil(visitApp.dataSource, takes, make, { times: 3 });
        expect((await guest.visit()).status).toBe(200);
        expect(guest.ran()).toBe(1);
        expect((await guest.row()).usedAt).not.toBeNull();
      });

      it.each(lasting.slice(-1))('(%s), for good, runs nothing: 503', async (_, make) => {
        const guest = await ticketFor(visitApp);
        spoil(visitApp.dataSource, takes, make, { times: Infinity });
        expect(told(await guest.visit())).toEqual(BUSY);
        expect(guest.ran()).toBe(0);
        await guest.expectUntouched();
      });
    },
  );

  describe('behind StampInvitation', () => {
    let visitApp: VisitApp;
    beforeAll(async () => {
      visitApp = await startVisitApp(adapter, database, { controllers: [visitController(StampInvitation)] });
    });

    it.each(faultsOn(database).slice(-1))('(%s) at the stamp is not noticed', async (_, make) => {
      const guest = await ticketFor(visitApp);
      spoil(visitApp.dataSource, isStamp, make, { times: 3 });
      expect((await guest.visit()).status).toBe(200);
      expect((await guest.row()).usedAt).not.toBeNull();
      expect(guest.ran()).toBe(1);
    });

    it.each(lostFaultsOn(database).slice(-1))('(%s) at the stamp, for good, is a 503', async (_, make) => {
      const guest = await ticketFor(visitApp);
      spoil(visitApp.dataSource, isStamp, make, { times: Infinity });
      expect(told(await guest.visit())).toEqual(BUSY);
      expect(await guest.row()).toMatchObject({ usedAt: null, claimId: expect.any(String) });
      expect((await guest.visit()).status).toBe(409);
      expect(guest.ran()).toBe(1);
    });

    it.each(faultsOn(database).slice(-1))('[R-7] (%s) at the release is not noticed', async (_, make) => {
      const guest = await ticketFor(visitApp);
      visitApp.behaviour.act = (__, reply) => (reply.status(422), 'no');
      spoil(visitApp.dataSource, isRelease, make, { times: 3 });
      expect((await guest.visit()).status).toBe(422);
      await guest.expectUntouched();
    });
  });

  describe('behind StampInTransaction, at the commit', () => {
    let office: TransactionApp;
    beforeAll(async () => {
      office = await startTransactionApp(adapter, database);
    });

    it.each(faultsOn(database).slice(0, 1))('(%s) answers what is written', async (_, make) => {
      const guest = await ticketFor(office);
      spoil(office.dataSource, isCommit, make, { times: 1 });
      const { status } = await guest.visit('/action');
      const isDone = status === 200;
      expect(isDone || status === 503, `${status}`).toBe(true);
      expect((await guest.row()).usedAt !== null).toBe(isDone);
      expect(await office.visits(guest.uuid)).toBe(Number(isDone));
      expect(guest.ran()).toBe(1);
    });

    it.each(lostFaultsOn(database).slice(0, 1))(
      '(%s) whose answer alone is lost is a success',
      async (_, make) => {
        const guest = await ticketFor(office);
        spoil(office.dataSource, isCommit, make, { times: 1, isRun: true });
        expect((await guest.visit('/action')).status).toBe(200);
        expect([guest.ran(), await office.visits(guest.uuid)]).toEqual([1, 1]);
      },
    );
  });
});
