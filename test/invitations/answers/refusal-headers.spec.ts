import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  type INestApplication,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { StampInvitation } from 'nestjs-ticketoffice';
import { catchError, defer, from, mergeMap, of, retry } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase } from '../../support/app.js';
import { ask, BROWSER } from '../ask.js';
import { STAMPS, startVisitApp, ticketFor, type VisitApp, visitController } from '../visit.app.js';

const CLIENTS: [string, Record<string, string>][] = [
  ['a browser', BROWSER],
  ['a program', { Accept: 'application/json' }],
];
const OF_REFUSALS = new Set(['content-security-policy', 'x-robots-tag', 'retry-after', 'www-authenticate']);

/** An interceptor of the app's, around all handlers. */
class Recovery implements NestInterceptor {
  way: (next: CallHandler) => ReturnType<CallHandler['handle']> = (next) => next.handle();

  intercept(_: ExecutionContext, next: CallHandler) {
    return this.way(next);
  }
}

/** A filter of the app's that sends guests elsewhere. */
@Catch(HttpException)
class Elsewhere implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(_: HttpException, host: ArgumentsHost) {
    const { httpAdapter } = this.adapterHost;
    httpAdapter.reply(host.switchToHttp().getResponse(), { see: '/login' }, 418);
  }
}

eachAdapter('the headers of a refusal', (adapter) => {
  describe.each(STAMPS)('by %s', (_name, stamp) => {
    const recovery = new Recovery();
    let visitApp: VisitApp;
    beforeAll(async () => {
      const before = (app: INestApplication) => app.useGlobalInterceptors(recovery);
      visitApp = await startVisitApp(adapter, anyDatabase, { controllers: [visitController(stamp)], before });
    });

    /** A guest whose ticket another claim holds. */
    async function guestWithBusyTicket() {
      const guest = await ticketFor(visitApp);
      await visitApp.tamper(guest.uuid, { claimId: 'another', claimedAt: Date.now() });
      return guest;
    }

    const visit = (guest: { headers: Record<string, string> }, client: Record<string, string>) =>
      ask(visitApp.app, '/visit', { method: 'POST', headers: { ...guest.headers, ...client } });

    it.each(CLIENTS)(
      '[A-10] are not sent when an interceptor tries again, and it succeeds: %s',
      async (_, client) => {
        const guest = await guestWithBusyTicket();
        const free = () => from(visitApp.tamper(guest.uuid, { claimId: null, claimedAt: null }));
        recovery.way = (next) => defer(() => next.handle()).pipe(retry({ count: 1, delay: free }));
        const answer = await visit(guest, client);
        expect(answer).toMatchObject({ status: 200, body: 'Welcome' });
        expect(Object.keys(answer.headers).filter((name) => OF_REFUSALS.has(name))).toEqual([]);
      },
    );

    it.each(CLIENTS)('[A-10] are not sent when an interceptor answers otherwise: %s', async (_, client) => {
      const guest = await guestWithBusyTicket();
      recovery.way = (next) => next.handle().pipe(catchError(() => of('Come back later')));
      const answer = await visit(guest, client);
      expect(answer).toMatchObject({ status: 200, body: 'Come back later' });
      expect(Object.keys(answer.headers).filter((name) => OF_REFUSALS.has(name))).toEqual([]);
    });

    it.each(CLIENTS)(
      '[A-10] are sent once when an interceptor tries again in vain: %s',
      async (_, client) => {
        const guest = await guestWithBusyTicket();
        recovery.way = (next) => defer(() => next.handle()).pipe(retry(2));
        const answer = await visit(guest, client);
        expect(answer.status).toBe(409);
        expect(answer.lines.filter((line) => /^retry-after:/i.test(line))).toHaveLength(1);
      },
    );

    it.each(CLIENTS)('[A-10] are those of the last one: %s', async (_, client) => {
      const guest = await guestWithBusyTicket();
      const use = () => from(visitApp.tamper(guest.uuid, { usedAt: 2 }));
      recovery.way = (next) =>
        next.handle().pipe(catchError(() => use().pipe(mergeMap(() => defer(() => next.handle())))));
      const answer = await visit(guest, client);
      expect(answer.status).toBe(403);
      expect(answer.headers['retry-after']).toBeUndefined();
    });
  });

  it('[A-10] are not sent when a filter of the app answers with another status', async () => {
    const before = (app: INestApplication) => app.useGlobalFilters(new Elsewhere(app.get(HttpAdapterHost)));
    const controllers = [visitController(StampInvitation)];
    const visitApp = await startVisitApp(adapter, anyDatabase, { controllers, before });
    const answer = await ask(visitApp.app, '/visit', { headers: { Accept: 'application/json' } });
    expect(answer.status).toBe(418);
    expect(answer.headers['www-authenticate']).toBeUndefined();
  });
});
