import { Controller, Get, HttpCode, Next, Res, Scope, type Type, UseInterceptors } from '@nestjs/common';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp } from '../support/app.js';
import type { Reply } from '../support/reply.js';
import { ownResources } from '../support/suite-scope.js';
import { AGENTS } from '../support/wrapped-handlers.js';
import { captureLog } from './captured-log.js';
import { ticketFor } from './visit.app.js';

/** Made once, or anew for each request: then its handlers are wrapped at each request, too. */
function controllers(scope: Scope | undefined, path: string, isExpress: boolean): Type[] {
  @Controller({ path, scope })
  class VisitController {
    @Get('look')
    @InvitationRequired('louvre', 'visit')
    visit(@Invitation() ticket: Ticket) {
      return ticket.uuid;
    }

    @Get('stamped')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInvitation)
    stamped(@Invitation() ticket: Ticket) {
      return ticket.uuid;
    }

    @Get('transaction')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInTransaction)
    inTransaction(@Invitation() ticket: Ticket, @InvitationManager() manager: EntityManager) {
      return manager.queryRunner?.isTransactionActive ? ticket.uuid : 'no transaction';
    }

    @Get('refusing')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInvitation)
    refusing(@Invitation() ticket: Ticket, @Res({ passthrough: true }) reply: Reply) {
      reply.status(418);
      return ticket.uuid;
    }

    @Get('declared')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInvitation)
    @HttpCode(418)
    declared(@Invitation() ticket: Ticket) {
      return ticket.uuid;
    }

    @Get('sending')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInvitation)
    sending(@Invitation() ticket: Ticket, @Res() reply: Reply) {
      setImmediate(() => void reply.status(418).send(ticket.uuid));
    }
  }

  @Controller({ path: `${path}/class`, scope })
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  class WholeController {
    @Get('stamped')
    stamped(@Invitation() ticket: Ticket, @InvitationManager() manager: EntityManager) {
      return manager.queryRunner?.isTransactionActive ? ticket.uuid : 'no transaction';
    }

    @Get('refusing')
    refusing(@Invitation() ticket: Ticket, @Res({ passthrough: true }) reply: Reply) {
      reply.status(418);
      return ticket.uuid;
    }
  }
  /** One route twice: Fastify refuses it. */
  @Controller({ path, scope })
  class NextController {
    constructor(private readonly ledger: Ledger) {}

    @Get('next')
    @InvitationRequired('louvre', 'visit')
    first(@Invitation() ticket: Ticket, @Next() next: (where: string) => void) {
      this.ledger.note(ticket.uuid);
      next('route');
    }

    @Get('next')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInvitation)
    second(@Invitation() ticket: Ticket) {
      return ticket.uuid;
    }

    @Get('unguarded')
    @InvitationRequired('louvre', 'visit')
    before(@Next() next: (where: string) => void) {
      next('route');
    }

    @Get('unguarded')
    after(@Invitation() ticket: Ticket) {
      this.ledger.note(ticket.uuid);
    }
  }

  return isExpress ? [VisitController, WholeController, NextController] : [VisitController, WholeController];
}

eachAdapter('handlers that are wrapped', (adapter) => {
  const isExpress = adapter.name === 'Express';

  describe.each(AGENTS)('by %s', (_, instrument) => {
    ownResources();
    let museum: Museum;
    beforeAll(async () => {
      instrument();
      museum = await startApp(adapter, anyDatabase, {
        controllers: [
          ...controllers(undefined, 'once', isExpress),
          ...controllers(Scope.REQUEST, 'anew', isExpress),
        ],
      });
    });

    describe.each(['/once', '/anew'])('and controllers at %s', (path) => {
      it('[F-1] get their ticket at every request', async () => {
        const guest = await ticketFor(museum);
        for (let time = 0; time < 3; time += 1)
          expect(await guest.visit(`${path}/look`)).toMatchObject({ status: 200, body: guest.uuid });
      });

      it.each(['/stamped', '/transaction', '/class/stamped'])(
        '[F-1] use it up with their stamp, every one of them: %s',
        async (route) => {
          for (let time = 0; time < 3; time += 1) {
            const guest = await ticketFor(museum);
            expect(await guest.visit(path + route)).toMatchObject({ status: 200, body: guest.uuid });
            expect((await guest.row()).usedAt).not.toBeNull();
            expect((await guest.visit(path + route)).status).toBe(403);
          }
        },
      );

      it.each(['/refusing', '/declared', '/class/refusing'])(
        '[F-1] give it back by the status that they set: %s',
        async (route) => {
          for (let time = 0; time < 2; time += 1) {
            const guest = await ticketFor(museum);
            expect(await guest.visit(path + route)).toMatchObject({ status: 418, body: guest.uuid });
            expect(await guest.row()).toMatchObject({ usedAt: null, claimId: null });
          }
        },
      );

      it('[F-1] are waited for where they answer themselves', async () => {
        for (let time = 0; time < 2; time += 1) {
          const guest = await ticketFor(museum);
          expect(await guest.visit(`${path}/sending`)).toMatchObject({ status: 418, body: guest.uuid });
          await expect.poll(async () => (await guest.row()).claimId).toBeNull();
          expect((await guest.row()).usedAt).toBeNull();
        }
      });

      it.runIf(isExpress)('[F-1] get a ticket by their own guard only', async () => {
        for (let time = 0; time < 2; time += 1) {
          const guest = await ticketFor(museum);
          expect(await guest.visit(`${path}/next`)).toMatchObject({ status: 200, body: guest.uuid });
          expect(guest.ran()).toBe(1);
          expect((await guest.row()).usedAt).not.toBeNull();
          const other = await ticketFor(museum);
          const logged = captureLog();
          expect((await other.visit(`${path}/unguarded`)).status).toBe(500);
          expect(other.ran()).toBe(0);
          expect(String(logged.map(({ error, text }) => `${text} ${String(error)}`))).toContain(
            'NextController.after',
          );
        }
      });
    });
  });
});
