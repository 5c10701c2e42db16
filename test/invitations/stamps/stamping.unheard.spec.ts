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
import { listenIn } from '../operator.js';
import { openTheatre, type Reply, Stage, type Theatre, ticketFor, visitController } from '../stage.js';

const lost = lostFaults.postgres['reset connection']!;
const teapot = new HttpException('I am a teapot', 418);

/** Gives up when it is told to. */
class Impatient {
  giveUp = barrier();

  intercept(_: unknown, next: { handle: () => Observable<unknown> }) {
    const tooLate = from(this.giveUp.opened).pipe(
      mergeMap(() => throwError(() => new RequestTimeoutException())),
    );
    return next.handle().pipe(raceWith(tooLate));
  }
}

/** A filter of the app's, for errors that nobody can be told any more. */
@Catch()
class Witness implements ExceptionFilter {
  readonly seen: unknown[] = [];

  catch(error: unknown) {
    this.seen.push(error);
  }
}

@Controller()
class ByHandController {
  constructor(private readonly stage: Stage) {}

  @Get('by-hand')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  async byHand(@Invitation() ticket: Ticket, @Res() reply: Reply) {
    await this.stage.act(ticket as never, reply, '');
    reply.status(202);
    reply.send('by hand');
  }
}

/** Sees that the answer is out, and leaves it at that. */
@Controller()
class LateController {
  constructor(private readonly stage: Stage) {}

  @Get('late')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  async late(@Invitation() ticket: Ticket, @Res() reply: Reply) {
    await this.stage.act(ticket as never, reply, '');
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
    let theatre: Theatre;
    beforeAll(async () => {
      const before = (app: INestApplication) => app.useGlobalInterceptors(impatient);
      theatre = await openTheatre(adapter, database, { controllers: [visitController(stamp)], before });
    });
    beforeEach(() => {
      Object.assign(theatre.stage, new Stage());
      Object.assign(impatient, new Impatient());
    });

    /** Lets the guest go before the handler has done what it does. */
    async function leaveBefore(end: () => unknown) {
      const guest = await ticketFor(theatre);
      const gate = barrier();
      theatre.stage.act = async () => {
        impatient.giveUp.open();
        await gate.opened;
        return end();
      };
      expect((await guest.visit()).status).toBe(408);
      Object.assign(impatient, new Impatient());
      return { guest, goOn: gate.open };
    }

    it('is told to the operator: a stamp that failed', async () => {
      const guest = await ticketFor(theatre);
      spoil(theatre.dataSource, isEnd, lost, { times: 4 });
      const told = listenIn();
      expect((await guest.visit()).status).toBe(503);
      expect(told).toEqual([
        { level: 'error', text: expect.stringMatching(advice), error: expect.any(Error) },
      ]);
      expect(told[0]!.text).toContain(`Ticket ${guest.uuid} could not be stamped, though its handler has`);
      expect(inspect(told, { depth: 9 })).not.toContain(guest.credentials.password);
      expect(await guest.row()).toMatchObject(remains);
    });

    it('is told to the operator, once: a stamp that failed after the guest had gone', async () => {
      const { guest, goOn } = await leaveBefore(() => 'Welcome');
      spoil(theatre.dataSource, isEnd, lost, { times: 4 });
      const told = listenIn();
      goOn();
      await expect.poll(() => told).toHaveLength(1);
      expect(told[0]).toMatchObject({ level: 'error', text: expect.stringMatching(advice) });
      expect(await guest.row()).toMatchObject(remains);
    });

    it('[R-7] is told to the operator: a handler that failed after the guest had gone', async () => {
      const { guest, goOn } = await leaveBefore(() => Promise.reject(teapot));
      const told = listenIn();
      goOn();
      await expect.poll(() => told).toHaveLength(1);
      const text = `The handler for ticket ${guest.uuid} has failed when nobody waited for it any more`;
      expect(told).toEqual([{ level: 'error', text, error: teapot }]);
      theatre.stage.act = () => 'Welcome';
      await expect.poll(async () => (await guest.visit()).status).toBe(200);
    });

    it('is told to nobody where the guest has heard it, or where it is good', async () => {
      const [guest, failing] = [await ticketFor(theatre), await ticketFor(theatre)];
      const { guest: gone, goOn } = await leaveBefore(() => 'Welcome');
      const told = listenIn();
      goOn();
      await expect.poll(async () => (await gone.row()).usedAt).not.toBeNull();
      theatre.stage.act = () => 'Welcome';
      expect((await guest.visit()).status).toBe(200);
      theatre.stage.act = () => Promise.reject(teapot);
      expect((await failing.visit()).status).toBe(418);
      expect(told).toEqual([]);
    });

    it('[R-17] leaves no file open: a stamp that failed', async () => {
      const guest = await ticketFor(theatre);
      const stream = Readable.from(['Mona Lisa']);
      theatre.stage.act = () => new StreamableFile(stream);
      spoil(theatre.dataSource, isEnd, lost, { times: 4 });
      expect((await guest.visit()).status).toBe(503);
      expect(stream.destroyed).toBe(true);
    });

    it('[R-17] leaves no file open: a guest who has gone', async () => {
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
    const theatre = await openTheatre(adapter, database, { controllers: [LateController], before });
    const guest = await ticketFor(theatre);
    const gate = barrier();
    theatre.stage.act = async () => {
      impatient.giveUp.open();
      await gate.opened;
    };
    expect((await guest.visit('/late')).status).toBe(408);
    gate.open();
    await expect.poll(async () => (await guest.row()).usedAt).not.toBeNull();
  });

  describe('of a claim', () => {
    let theatre: Theatre;
    beforeAll(async () => {
      theatre = await openTheatre(adapter, database, { controllers: [visitController(StampInvitation)] });
    });

    it('[R-5] is a warning: a stamp lost to another claim', async () => {
      const guest = await ticketFor(theatre);
      theatre.stage.act = () => theatre.tamper(guest.uuid, { claimId: 'another', claimedAt: 2 });
      const told = listenIn();
      expect((await guest.visit()).status).toBe(409);
      expect(told.map(({ level, text }) => `${level}: ${text}`)).toEqual([
        `warn: Ticket ${guest.uuid} could not be stamped, though its handler has succeeded: another claim has taken it over, or it was reopened, so that a handler may succeed again`,
      ]);
    });

    it('[R-7] is told to the operator: a release that failed', async () => {
      const guest = await ticketFor(theatre);
      theatre.stage.act = () => Promise.reject(teapot);
      spoil(theatre.dataSource, isRelease, lost, { times: 4 });
      const told = listenIn();
      expect((await guest.visit()).status).toBe(418);
      expect(told.map(({ level, text }) => `${level}: ${text}`)).toEqual([
        `error: Ticket ${guest.uuid} could not be released: it stays claimed. list({ status: 'claimed' }) shows it, reopen() frees it`,
      ]);
      expect((await guest.row()).claimId).not.toBeNull();
    });

    it.each(['application/json', 'text/html'])(
      '[R-5] is what the filters of the app see where the answer is out already (%s)',
      async (Accept) => {
        const witness = new Witness();
        const before = (app: INestApplication) => app.useGlobalFilters(witness);
        const other = await openTheatre(adapter, database, { controllers: [ByHandController], before });
        const guest = await ticketFor(other);
        other.stage.act = () => other.tamper(guest.uuid, { claimId: 'another', claimedAt: 2 });
        const headers = { ...guest.headers, Accept };
        const answer = await ask(other.app, '/by-hand', { headers });
        expect(answer).toMatchObject({ status: 202, body: 'by hand' });
        await expect.poll(() => witness.seen).toHaveLength(1);
        expect(witness.seen).toMatchObject([{ status: 409, errorCode: 'TICKET_BUSY' }]);
      },
    );
  });
});
