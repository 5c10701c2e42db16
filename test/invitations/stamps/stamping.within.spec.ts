import {
  Controller,
  Get,
  type INestApplication,
  Next,
  type NestInterceptor,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Invitation, InvitationRequired, type Ticket } from 'nestjs-ticketoffice';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eachPlatform } from '../../support/platforms.js';
import { Ledger } from '../../support/app.js';
import { ask, cookieOf, queryOf } from '../ask.js';
import { STAMPS, startVisitApp, Behaviour, type VisitApp, ticketFor, visitController } from '../visit.app.js';

/** Two handlers of one address, for a ticket each: the first hands its request on to the second. */
function relayController(stamp: Type<NestInterceptor>): Type {
  @Controller()
  class RelayController {
    constructor(private readonly ledger: Ledger) {}

    @Get('relay')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(stamp)
    first(@Next() next: () => void) {
      next();
    }

    @Get('shop')
    @InvitationRequired('louvre', 'purchase')
    look() {}

    @Get('relay')
    @InvitationRequired('louvre', 'purchase')
    @UseInterceptors(stamp)
    second(@Invitation() ticket: Ticket) {
      this.ledger.note(ticket.uuid);
      return 'Sold';
    }
  }
  return RelayController;
}

/** Sends a request to the server without a connection, in the async context of the caller. */
async function askInProcess(app: INestApplication, url: string, headers: Record<string, string>) {
  const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url });
  for (const [name, value] of Object.entries(headers)) request.headers[name.toLowerCase()] = value;
  request.push(null);
  const response = new ServerResponse(request);
  response.assignSocket(new Duplex({ read() {}, write: (_, __, done) => done() }) as Socket);
  const finished = new Promise((resolve) => response.once('finish', resolve));
  app.getHttpServer().emit('request', request, response);
  await finished;
  return response.statusCode;
}

eachPlatform('a stamp while another one runs over HTTP', (database, adapter) => {
  // On Fastify an address has one handler.
  const handsOn = adapter.name === 'Express';

  describe.each(STAMPS)('(%s)', (_name, stamp) => {
    let visitApp: VisitApp;
    beforeAll(async () => {
      const controllers = [visitController(stamp)];
      if (handsOn) controllers.push(relayController(stamp));
      visitApp = await startVisitApp(adapter, database, { controllers });
    });
    beforeEach(() => {
      Object.assign(visitApp.behaviour, new Behaviour());
    });

    it('[M-11] is busy when the handler asks for it in its own process', async () => {
      const guest = await ticketFor(visitApp);
      visitApp.behaviour.act = () => {
        visitApp.behaviour.act = () => 'Twice';
        return askInProcess(visitApp.app, '/visit', guest.headers).then(String);
      };
      const answer = await guest.visit();
      expect(answer).toMatchObject({ status: 200, body: '409' });
      expect((await guest.row()).usedAt).not.toBeNull();
      expect(guest.ran()).toBe(1);
    });

    it.runIf(handsOn)('takes its own ticket where that is another', async () => {
      const guest = await ticketFor(visitApp);
      const { credentials } = await visitApp.tickets.issue({ place: 'louvre', purpose: 'purchase' });
      const opened = [
        await ask(visitApp.app, `/relay?${queryOf(guest.credentials)}`),
        await ask(visitApp.app, `/shop?${queryOf(credentials)}`),
      ];
      const Cookie = opened.map(cookieOf).join('; ');
      expect(await ask(visitApp.app, '/relay', { headers: { Cookie } })).toMatchObject({
        status: 200,
        body: 'Sold',
      });
      expect((await visitApp.row(credentials.uuid))!.usedAt).not.toBeNull();
      // The first handler leaves the answer to the second, which does not wait for it.
      await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
      expect(visitApp.ledger.count(credentials.uuid)).toBe(1);
    });
  });
});
