import {
  All,
  Controller,
  type INestApplication,
  Next,
  Render,
  Res,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Invitation, InvitationRequired, StampInTransaction, StampInvitation } from 'nestjs-ticketoffice';
import { map, type Observable } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp } from '../../support/app.js';
import { ask, authorization, queryOf } from '../ask.js';
import type { Reply } from '../../support/reply.js';

/** An interceptor of the app's that reads what its handlers return. */
class Envelope {
  intercept(_: unknown, next: { handle: () => Observable<{ items: unknown[] }> }) {
    return next.handle().pipe(map(({ items }) => ({ data: items })));
  }
}

function roomsController(stamp: Type): Type {
  @Controller()
  @InvitationRequired('louvre', 'visit')
  class RoomsController {
    constructor(private readonly ledger: Ledger) {}

    @All('by-response')
    @UseInterceptors(stamp)
    byResponse(@Res() reply: Reply) {
      this.ledger.note('ran');
      reply.send('Welcome');
    }

    @All('by-next')
    @UseInterceptors(stamp)
    byNext(@Next() next: () => void) {
      this.ledger.note('ran');
      next();
    }

    @All('enveloped')
    @UseInterceptors(Envelope, stamp)
    enveloped() {
      this.ledger.note('ran');
      return { items: [1] };
    }

    @All('view')
    @UseInterceptors(stamp)
    @Render('room')
    view(@Invitation() { place }: { place: string }) {
      this.ledger.note('ran');
      return { place };
    }
  }
  return RoomsController;
}

/** A view that cannot be rendered without its model. */
const withViews = (app: INestApplication) => {
  const express = (app as NestExpressApplication).getHttpAdapter().getInstance() as {
    engine: (extension: string, render: unknown) => void;
    set: (setting: string, value: unknown) => void;
  };
  express.engine('html', (_path: string, { place }: { place: string }, done: (...all: unknown[]) => void) =>
    done(null, place.toUpperCase()),
  );
  express.set('view engine', 'html');
};

eachAdapter('A request that only looks at a stamped handler', (adapter) => {
  const paths = ['/by-response', '/by-next', '/enveloped', ...(adapter.name === 'Express' ? ['/view'] : [])];

  describe.each([StampInvitation, StampInTransaction].map((stamp) => [stamp.name, stamp] as const))(
    'with %s',
    (_, stamp) => {
      let museum: Museum;
      beforeAll(async () => {
        const controllers = [roomsController(stamp)];
        const before = adapter.name === 'Express' ? withViews : undefined;
        museum = await startApp(adapter, anyDatabase, { controllers, before });
      });

      it.each(paths.flatMap((path) => ['HEAD', 'OPTIONS'].map((method) => [method, path] as const)))(
        '[L-5] is answered in its stead, whatever its handler would answer with: %s %s',
        async (method, path) => {
          const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
          const before = await museum.row(credentials.uuid);
          const byHeader = await ask(museum.app, path, { method, headers: authorization(credentials) });
          const byLink = await ask(museum.app, `${path}?${queryOf(credentials)}`, { method });
          expect([byHeader, byLink]).toMatchObject([
            { status: 200, body: '' },
            { status: 200, body: '' },
          ]);
          expect(museum.ledger.entries).toEqual([]);
          expect(await museum.row(credentials.uuid)).toEqual(before);
        },
      );
    },
  );
});
