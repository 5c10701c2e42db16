import { StampInTransaction, StampInvitation } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachPlatform } from '../../support/platforms.js';
import { aroundQueries } from '../../support/around-queries.js';
import { barrier } from '../../support/barrier.js';
import { createVisits } from '../../support/visits.js';
import { startVisitApp, type VisitApp, ticketFor, visitController } from '../visit.app.js';

eachPlatform('an open transaction of the app over HTTP', (database, adapter) => {
  const isSqlite = database.type === 'better-sqlite3';

  describe.each([StampInvitation, StampInTransaction].map((stamp) => [stamp.name, stamp] as const))(
    'beside %s',
    (_name, interceptor) => {
      let visitApp: VisitApp;
      beforeAll(async () => {
        visitApp = await startVisitApp(adapter, database, { controllers: [visitController(interceptor)] });
        await createVisits(visitApp.dataSource);
      });

      /** Resolves once a request has met the lock of SQLite's file. */
      function turnedAway(): Promise<void> {
        const met = barrier();
        aroundQueries(visitApp.dataSource, (_, run) =>
          run().catch((error: unknown) => {
            if (String(error).includes('database is locked')) met.open();
            throw error;
          }),
        );
        return met.opened;
      }

      it('[R-15] that rolls back undoes no visit', async () => {
        const guest = await ticketFor(visitApp);
        let visiting: ReturnType<typeof guest.visit> | undefined;
        const rolledBack = visitApp.dataSource.transaction(async (manager) => {
          await manager.query(`INSERT INTO visit (id, uuid) VALUES ('app', 'app')`);
          const met = isSqlite ? turnedAway() : undefined;
          visiting = guest.visit();
          await (met ?? visiting);
          throw new Error('The app rolls back');
        });
        await expect(rolledBack).rejects.toThrow('The app rolls back');
        expect((await visiting!).status).toBe(200);
        expect((await guest.row()).usedAt).not.toBeNull();
        expect((await guest.visit()).status).toBe(403);
        expect(guest.ran()).toBe(1);
        expect(await visitApp.dataSource.query('SELECT * FROM visit')).toEqual([]);
      });
    },
  );
});
