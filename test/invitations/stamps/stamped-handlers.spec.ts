import {
  All,
  Controller,
  Get,
  type INestApplication,
  Injectable,
  Scope,
  UseInterceptors,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { InvitationRequired, StampInvitation } from 'nestjs-ticketoffice';
import { type Observable, retry } from 'rxjs';
import { expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, Ledger, type MuseumParts, startApp } from '../../support/app.js';
import { ask, authorization, BROWSER, cookieOf, queryOf } from '../ask.js';
import { formOf } from '../page.form.js';

type Next = { handle: () => Observable<unknown> };

/** An interceptor of the app's that tries again. */
class Stubborn {
  intercept(_: unknown, next: Next) {
    return next.handle().pipe(retry(1));
  }
}

/** An interceptor of the app's that notes what it sees. */
@Injectable()
class Usher {
  constructor(private readonly ledger: Ledger) {}

  intercept(_: unknown, next: Next) {
    this.ledger.note('usher');
    return next.handle();
  }
}

@Injectable({ scope: Scope.REQUEST })
class StampPerRequest extends StampInvitation {}

@Controller()
class HallController {
  constructor(private readonly ledger: Ledger) {}

  @All('hall')
  @InvitationRequired('louvre', 'visit')
  visit() {
    this.ledger.note('ran');
  }
}

@Controller()
class StubbornController {
  constructor(private readonly ledger: Ledger) {}

  @Get('stubborn')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(Stubborn, StampInvitation)
  visit() {
    this.ledger.note('ran');
    if (this.ledger.count('ran') % 2 === 1) throw new Error('The first try fails');
  }

  @Get('ushered')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(Usher, StampInvitation)
  ushered() {
    this.ledger.note('ran');
  }
}

/** Calls the stamp by itself: nobody can see it before. */
@Injectable()
class Wrapper {
  constructor(private readonly stamp: StampInvitation) {}

  intercept(...call: Parameters<StampInvitation['intercept']>) {
    return this.stamp.intercept(...call);
  }
}

eachAdapter('A stamp of the whole app', (adapter) => {
  it.each<[string, MuseumParts['providers']]>([
    ['of one for all requests', [{ provide: APP_INTERCEPTOR, useClass: StampInvitation }]],
    ['of one for each', [{ provide: APP_INTERCEPTOR, useClass: StampPerRequest }]],
    [
      'of one that is there already, for each',
      [StampPerRequest, { provide: APP_INTERCEPTOR, useExisting: StampPerRequest, scope: Scope.REQUEST }],
    ],
  ])('[L-5] %s, asks a browser to confirm, and a look runs nothing', async (_, providers) => {
    const museum = await startApp(adapter, anyDatabase, { controllers: [HallController], providers });
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const opened = await ask(museum.app, `/hall?${queryOf(credentials)}`, { headers: BROWSER });
    const headers = { ...BROWSER, Cookie: cookieOf(opened) };
    expect(formOf((await ask(museum.app, '/hall', { headers })).body, '/hall').buttons).toBe(1);
    expect((await ask(museum.app, '/hall', { method: 'HEAD', headers })).status).toBe(200);
    expect(museum.ledger.entries).toEqual([]);
    expect((await museum.row(credentials.uuid))!.usedAt).toBeNull();
  });

  it('[R-1] that came too late to run is not waited for: an interceptor that tries again claims the ticket again', async () => {
    const museum = await startApp(adapter, anyDatabase, {
      controllers: [StubbornController],
      providers: [StampInvitation],
      before: async (app: INestApplication) => {
        await app.init();
        // The routes are made by now: this one is on none of them.
        app.useGlobalInterceptors(app.get(StampInvitation));
      },
    });
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const headers = authorization(credentials);
    expect((await ask(museum.app, '/stubborn', { headers })).status).toBe(200);
    expect((await museum.row(credentials.uuid))!.usedAt).not.toBeNull();
    expect((await ask(museum.app, '/stubborn', { headers })).status).toBe(403);
    expect(museum.ledger.count('ran')).toBe(2);
  });
});

eachAdapter('A request that only looks', (adapter) => {
  it.each(['HEAD', 'OPTIONS'])('[L-5] is answered before any interceptor of the app: %s', async (method) => {
    const museum = await startApp(adapter, anyDatabase, { controllers: [StubbornController] });
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const question = { method, headers: authorization(credentials) };
    // Fastify has no route for an OPTIONS that no handler is for.
    expect([200, 404]).toContain((await ask(museum.app, '/ushered', question)).status);
    expect(museum.ledger.entries).toEqual([]);
  });

  it.each(['HEAD', 'OPTIONS'])(
    '[L-5] runs nothing where an interceptor of the app calls the stamp: %s',
    async (method) => {
      const providers = [StampInvitation, { provide: APP_INTERCEPTOR, useClass: Wrapper }];
      const museum = await startApp(adapter, anyDatabase, { controllers: [HallController], providers });
      const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
      const headers = authorization(credentials);
      expect(await ask(museum.app, '/hall', { method, headers })).toMatchObject({ status: 200, body: '' });
      expect(museum.ledger.entries).toEqual([]);
      expect((await museum.row(credentials.uuid))!.usedAt).toBeNull();
    },
  );
});
