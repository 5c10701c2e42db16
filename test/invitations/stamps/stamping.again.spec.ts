import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type CallHandler,
  type ExecutionContext,
  HttpException,
  type INestApplication,
  type NestInterceptor,
  RequestTimeoutException,
} from '@nestjs/common';
import { StampInvitation } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import {
  catchError,
  defer,
  from,
  mergeMap,
  type Observable,
  of,
  race,
  raceWith,
  retry,
  throwError,
} from 'rxjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eachPlatform } from '../../support/platforms.js';
import { barrier, type Barrier } from '../../support/barrier.js';
import { isStamp } from '../../support/statement-kinds.js';
import { Action, type TransactionApp, startTransactionApp } from '../transaction.app.js';
import { STAMPS, startVisitApp, Behaviour, type VisitApp, ticketFor, visitController } from '../visit.app.js';

const teapot = () => new HttpException('I am a teapot', 418);
/** An interceptor of the app's, around all handlers, chosen by each test. */
class Around implements NestInterceptor {
  way: (next: CallHandler) => Observable<unknown> = (next) => next.handle();

  intercept(_: ExecutionContext, next: CallHandler) {
    return this.way(next);
  }
}

const WAYS_TO_TRY_AGAIN: [string, Around['way']][] = [
  ['retry()', (next) => next.handle().pipe(retry(1))],
  ['catchError()', (next) => next.handle().pipe(catchError(() => next.handle()))],
  ['defer()', (next) => defer(() => next.handle()).pipe(retry(1))],
];

/** Gives up when it is told to, once for each barrier, and tries again once. */
const impatient =
  (...patience: Barrier[]): Around['way'] =>
  (next) =>
    defer(() => {
      const { opened } = patience.shift() ?? barrier();
      const tooLate = from(opened).pipe(mergeMap(() => throwError(() => new RequestTimeoutException())));
      return next.handle().pipe(raceWith(tooLate));
    }).pipe(retry(1));

eachPlatform('an interceptor outside that gives up or tries again over HTTP', (database, adapter) => {
  const around = new Around();
  const before = (app: INestApplication) => app.useGlobalInterceptors(around);
  beforeEach(() => {
    Object.assign(around, new Around());
  });

  describe.each(STAMPS)('around %s', (_name, stamp) => {
    let visitApp: VisitApp;
    beforeAll(async () => {
      visitApp = await startVisitApp(adapter, database, { controllers: [visitController(stamp)], before });
    });
    beforeEach(() => {
      Object.assign(visitApp.behaviour, new Behaviour());
    });

    it.each(WAYS_TO_TRY_AGAIN)('[R-7] [R-17] claims and stamps anew what has failed: %s', async (_, way) => {
      const guest = await ticketFor(visitApp);
      around.way = way;
      const rows: unknown[] = [];
      visitApp.behaviour.act = async () => {
        rows.push((await guest.row()).claimId);
        if (rows.length === 1) throw teapot();
        return 'Welcome';
      };
      const statements = await visitApp.log.during(async () => {
        expect(await guest.visit()).toMatchObject({ status: 200, body: 'Welcome' });
      });
      expect(rows).toHaveLength(2);
      // In a transaction nobody else sees the claim.
      if (stamp === StampInvitation) expect(new Set([null, ...rows]).size).toBe(3);
      else expect(statements.filter((sql) => sql === 'ROLLBACK')).toHaveLength(1);
      expect(statements.filter(isStamp)).toHaveLength(stamp === StampInvitation ? 1 : 2);
      expect((await guest.row()).usedAt).not.toBeNull();
      const again = await guest.visit();
      expect({ status: again.status, ...JSON.parse(again.body) }).toMatchObject({
        status: 403,
        errorCode: 'TICKET_USED',
      });
      expect(guest.ran()).toBe(2);
    });

    it('[R-7] takes nothing from a guest whose answer it has already', async () => {
      const guest = await ticketFor(visitApp);
      around.way = (next) => race(next.handle(), of('From the cache'));
      const statements = await visitApp.log.during(async () => {
        expect(await guest.visit()).toMatchObject({ status: 200, body: 'From the cache' });
        around.way = new Around().way;
        expect((await guest.visit()).status).toBe(200);
      });
      expect(statements.filter(isStamp)).toHaveLength(1);
      expect(guest.ran()).toBe(1);
    });

    it('runs the handler in the async context that it has made', async () => {
      const guest = await ticketFor(visitApp);
      const language = new AsyncLocalStorage<string>();
      around.way = (next) => language.run('fr', () => next.handle());
      visitApp.behaviour.act = () => language.getStore();
      expect(await guest.visit()).toMatchObject({ status: 200, body: 'fr' });
    });

    it('[R-7] gives the ticket back as often as the handler fails', async () => {
      const guest = await ticketFor(visitApp);
      around.way = (next) => next.handle().pipe(retry(3));
      visitApp.behaviour.act = () => Promise.reject(teapot());
      expect((await guest.visit()).status).toBe(418);
      expect(guest.ran()).toBe(4);
      await guest.expectUntouched();
    });

    it.each([
      ['succeeds', () => 'Welcome', 403],
      ['fails', () => Promise.reject(teapot()), 200],
    ])('[R-7] is busy while the handler still runs that %s', async (_, end, then) => {
      const guest = await ticketFor(visitApp);
      const [late, gate] = [barrier(), barrier()];
      around.way = impatient(late);
      visitApp.behaviour.act = async () => {
        visitApp.behaviour.act = () => 'Twice';
        late.open();
        await gate.opened;
        return end();
      };
      const answer = await guest.visit();
      expect({ status: answer.status, ...JSON.parse(answer.body) }).toMatchObject({
        status: 409,
        errorCode: 'TICKET_BUSY',
      });
      expect([guest.ran(), (await guest.row()).usedAt]).toEqual([1, null]);
      gate.open();
      await expect.poll(async () => (await guest.visit()).status).toBe(then);
      expect((await guest.row()).usedAt).not.toBeNull();
      expect(guest.ran()).toBe(then === 200 ? 2 : 1);
    });
  });

  it('[R-7] shares the transaction of its own try with the handler, never the one before', async () => {
    const office: TransactionApp = await startTransactionApp(adapter, database, { before });
    const guest = await ticketFor(office);
    around.way = (next) => next.handle().pipe(retry(1));
    const managers: EntityManager[] = [];
    office.action.act = (_, manager) => {
      managers.push(manager);
      if (managers.length === 1) throw teapot();
      return { inTransaction: manager.queryRunner?.isTransactionActive };
    };
    expect(await guest.visit('/action')).toMatchObject({ status: 200, body: '{"inTransaction":true}' });
    expect(new Set(managers).size).toBe(2);
    await expect(managers[0]!.query('SELECT 1')).rejects.toThrow('This transaction is over');
    expect(await office.visits(guest.uuid)).toBe(1);
    expect((await guest.row()).usedAt).not.toBeNull();
  });

  it('[R-7] shares no transaction beside the one that is still used', async () => {
    const office: TransactionApp = await startTransactionApp(adapter, database, { before });
    const guest = await ticketFor(office);
    const [late, gate] = [barrier(), barrier()];
    around.way = impatient(late);
    office.action.act = async () => {
      office.action.act = new Action().act;
      late.open();
      await gate.opened;
    };
    expect((await guest.visit('/action')).status).toBe(409);
    gate.open();
    await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
    expect([guest.ran(), await office.visits(guest.uuid)]).toEqual([1, 1]);
  });
});
