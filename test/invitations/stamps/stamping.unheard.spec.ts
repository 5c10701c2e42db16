import {
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  type INestApplication,
  RequestTimeoutException,
  Res,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import {
  Invitation,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import { from, mergeMap, type Observable, raceWith, throwError } from 'rxjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eachPlatform } from '../../support/platforms.js';
import { barrier } from '../../support/barrier.js';
import { lostFaults, spoil } from '../../support/driver-faults.js';
import { isRelease, isStamp } from '../../support/statement-kinds.js';
import { ask } from '../ask.js';
import { captureLog } from '../captured-log.js';
import type { Reply } from '../../support/reply.js';
import { startVisitApp, Behaviour, type VisitApp, ticketFor, visitController } from '../visit.app.js';

const lost = lostFaults.postgres['reset connection']!;
const teapot = new HttpException('I am a teapot', 418);

/** Gives up when the test says so. */
class Impatient {
  giveUp = barrier();

  intercept(_: unknown, next: { handle: () => Observable<unknown> }) {
    const tooLate = from(this.giveUp.opened).pipe(
      mergeMap(() => throwError(() => new RequestTimeoutException())),
    );
    return next.handle().pipe(raceWith(tooLate));
  }
}

/** A filter of the app's, for errors that no guest can be told any more. */
@Catch()
class Witness implements ExceptionFilter {
  readonly seen: unknown[] = [];

  catch(error: unknown) {
    this.seen.push(error);
  }
}

@Controller()
class ByHandController {
  constructor(private readonly behaviour: Behaviour) {}

  @Get('by-hand')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  async byHand(@Invitation() ticket: Ticket, @Res() reply: Reply) {
    await this.behaviour.act(ticket as never, reply, '');
    reply.status(202);
    reply.send('by hand');
  }
}

/** Sees that the answer is out, and leaves it at that. */
@Controller()
class LateController {
  constructor(private readonly behaviour: Behaviour) {}

  @Get('late')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  async late(@Invitation() ticket: Ticket, @Res() reply: Reply) {
    await this.behaviour.act(ticket as never, reply, '');
  }
}

const STAMPS = [
  {
    stamp: StampInvitation,
    isEnd: isStamp,
    remains: { usedAt: null, claimId: expect.any(String) },
    advice:
      /^[^:]*: it is used, or stays claimed\. list\({ status: 'claimed' }\) shows it then, and reopen\(\)/,
  },
  {
    stamp: StampInTransaction,
    isEnd: (sql: string) => sql === 'COMMIT',
    remains: { usedAt: null, claimId: null },
    advice:
      /^[^:]*: what the handler has written through its manager is undone, and the ticket can be used again/,
  },
].map((each) => [each.stamp.name, each] as const);

eachPlatform('an outcome that the guest does not hear of over HTTP', (database, adapter) => {
  describe.each(STAMPS)('of %s', (_name, { stamp, isEnd, remains, advice }) => {
    const impatient = new Impatient();
    let visitApp: VisitApp;
    beforeAll(async () => {
      const before = (app: INestApplication) => app.useGlobalInterceptors(impatient);
      visitApp = await startVisitApp(adapter, database, { controllers: [visitController(stamp)], before });
    });
    beforeEach(() => {
      Object.assign(visitApp.behaviour, new Behaviour());
      Object.assign(impatient, new Impatient());
    });

    /** Lets the guest go before the handler has done what it does. */
    async function leaveBefore(end: () => unknown) {
      const guest = await ticketFor(visitApp);
      const gate = barrier();
      visitApp.behaviour.act = async () => {
        impatient.giveUp.open();
        await gate.opened;
        return end();
      };
      expect((await guest.visit()).status).toBe(408);
      Object.assign(impatient, new Impatient());
      return { guest, goOn: gate.open };
    }

    it('is logged: a stamp that failed', async () => {
      const guest = await ticketFor(visitApp);
      spoil(visitApp.dataSource, isEnd, lost, { times: 4 });
      const logged = captureLog();
      expect((await guest.visit()).status).toBe(503);
      expect(logged).toEqual([
        { level: 'error', text: expect.stringMatching(advice), error: expect.any(Error) },
      ]);
      expect(logged[0]!.text).toContain(`Ticket ${guest.uuid} could not be stamped, though its handler has`);
      expect(inspect(logged, { depth: 9 })).not.toContain(guest.credentials.password);
      expect(await guest.row()).toMatchObject(remains);
    });

    it('is logged, once: a stamp that failed after the guest had gone', async () => {
      const { guest, goOn } = await leaveBefore(() => 'Welcome');
      spoil(visitApp.dataSource, isEnd, lost, { times: 4 });
      const logged = captureLog();
      goOn();
      await expect.poll(() => logged).toHaveLength(1);
      expect(logged[0]).toMatchObject({ level: 'error', text: expect.stringMatching(advice) });
      expect(await guest.row()).toMatchObject(remains);
    });

    it('[R-7] is logged: a handler that failed after the guest had gone', async () => {
      const { guest, goOn } = await leaveBefore(() => Promise.reject(teapot));
      const logged = captureLog();
      goOn();
      await expect.poll(() => logged).toHaveLength(1);
      const text = `The handler for ticket ${guest.uuid} has failed after its guest had stopped waiting`;
      expect(logged).toEqual([{ level: 'error', text, error: teapot }]);
      visitApp.behaviour.act = () => 'Welcome';
      await expect.poll(async () => (await guest.visit()).status).toBe(200);
    });

    it('is not logged where the guest has the answer, or where it is a success', async () => {
      const [guest, failing] = [await ticketFor(visitApp), await ticketFor(visitApp)];
      const { guest: gone, goOn } = await leaveBefore(() => 'Welcome');
      const logged = captureLog();
      goOn();
      await expect.poll(async () => (await gone.row()).usedAt).not.toBeNull();
      visitApp.behaviour.act = () => 'Welcome';
      expect((await guest.visit()).status).toBe(200);
      visitApp.behaviour.act = () => Promise.reject(teapot);
      expect((await failing.visit()).status).toBe(418);
      expect(logged).toEqual([]);
    });

    it('[R-17] closes the file: a stamp that failed', async () => {
      const guest = await ticketFor(visitApp);
      const stream = Readable.from(['Mona Lisa']);
      visitApp.behaviour.act = () => new StreamableFile(stream);
      spoil(visitApp.dataSource, isEnd, lost, { times: 4 });
      expect((await guest.visit()).status).toBe(503);
      expect(stream.destroyed).toBe(true);
    });

    it('[R-17] closes the file: the guest has gone', async () => {
      const stream = Readable.from(['Mona Lisa']);
      const { guest, goOn } = await leaveBefore(() => new StreamableFile(stream));
      goOn();
      await expect.poll(() => stream.destroyed).toBe(true);
      expect((await guest.row()).usedAt).not.toBeNull();
    });
  });

  it('[R-17] is good: of a handler that answers by itself, and was too late for a time-out', async () => {
    const impatient = new Impatient();
    const before = (app: INestApplication) => app.useGlobalInterceptors(impatient);
    const visitApp = await startVisitApp(adapter, database, { controllers: [LateController], before });
    const guest = await ticketFor(visitApp);
    const gate = barrier();
    visitApp.behaviour.act = async () => {
      impatient.giveUp.open();
      await gate.opened;
    };
    expect((await guest.visit('/late')).status).toBe(408);
    gate.open();
    await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
  });

  describe('of a claim', () => {
    let visitApp: VisitApp;
    beforeAll(async () => {
      visitApp = await startVisitApp(adapter, database, { controllers: [visitController(StampInvitation)] });
    });

    it('[R-5] is a warning: a stamp lost to another claim', async () => {
      const guest = await ticketFor(visitApp);
      visitApp.behaviour.act = () => visitApp.tamper(guest.uuid, { claimId: 'another', claimedAt: 2 });
      const logged = captureLog();
      expect((await guest.visit()).status).toBe(409);
      expect(logged.map(({ level, text }) => `${level}: ${text}`)).toEqual([
        `warn: Ticket ${guest.uuid} could not be stamped, though its handler has succeeded: another claim has taken it over, or it was reopened, so that a handler may succeed again`,
      ]);
    });

    it('[R-7] is logged: a release that failed', async () => {
      const guest = await ticketFor(visitApp);
      visitApp.behaviour.act = () => Promise.reject(teapot);
      spoil(visitApp.dataSource, isRelease, lost, { times: 4 });
      const logged = captureLog();
      expect((await guest.visit()).status).toBe(418);
      expect(logged.map(({ level, text }) => `${level}: ${text}`)).toEqual([
        `error: Ticket ${guest.uuid} could not be released: it stays claimed. list({ status: 'claimed' }) shows it, reopen() frees it`,
      ]);
      expect((await guest.row()).claimId).not.toBeNull();
    });

    it.each(['application/json', 'text/html'])(
      '[R-5] is what the filters of the app see where the answer is out already (%s)',
      async (Accept) => {
        const witness = new Witness();
        const before = (app: INestApplication) => app.useGlobalFilters(witness);
        const other = await startVisitApp(adapter, database, { controllers: [ByHandController], before });
        const guest = await ticketFor(other);
        other.behaviour.act = () => other.tamper(guest.uuid, { claimId: 'another', claimedAt: 2 });
        const headers = { ...guest.headers, Accept };
        const answer = await ask(other.app, '/by-hand', { headers });
        expect(answer).toMatchObject({ status: 202, body: 'by hand' });
        await expect.poll(() => witness.seen).toHaveLength(1);
        expect(witness.seen).toMatchObject([{ status: 409, errorCode: 'TICKET_BUSY' }]);
      },
    );
  });
});
