import { type INestApplication, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Ticket } from 'nestjs-ticketoffice';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Claims } from '../../../lib/tickets/claims/claims.js';
import { OpenClaims } from '../../../lib/tickets/claims/open-claims.js';
import { barrier } from '../../support/barrier.js';
import { eachPlatform } from '../../support/platforms.js';
import { openSocket, queryOf } from '../../invitations/ask.js';
import { captureLog } from '../../invitations/captured-log.js';
import { STAMPS, startVisitApp, ticketFor, visitController } from '../../invitations/visit.app.js';

/** Tells when the app begins to close. */
@Injectable()
class Closing implements OnModuleDestroy {
  readonly begun = barrier();

  onModuleDestroy(): void {
    this.begun.open();
  }
}

/** A guest who leaves while the handler runs. */
async function hangUp(app: INestApplication, path: string, entered: Promise<void>): Promise<void> {
  const gone = barrier();
  app.getHttpServer().once('connection', (socket: NodeJS.EventEmitter) => socket.once('close', gone.open));
  const socket = await openSocket(app);
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`);
  await entered;
  socket.destroy();
  await gone.opened;
}

eachPlatform('an app that closes while a handler runs', (database, adapter) => {
  it.each(STAMPS)('[F-6] stamps its ticket before the data source is closed (%s)', async (_, stamp) => {
    const controllers = [visitController(stamp)];
    const visitApp = await startVisitApp(adapter, database, { controllers, providers: [Closing] });
    const guest = await ticketFor(visitApp);
    const [entered, gate] = [barrier(), barrier()];
    visitApp.behaviour.act = async () => {
      entered.open();
      await gate.opened;
      return 'Welcome';
    };
    await hangUp(visitApp.app, `/visit?${queryOf(guest.credentials)}`, entered.opened);
    const closed = visitApp.app.close();
    await visitApp.app.get(Closing).begun.opened;
    gate.open();
    await closed;
    const later = await database.connect({ entities: [Ticket] });
    expect(await later.getRepository(Ticket).findOneBy({ uuid: guest.uuid })).toMatchObject({ used: true });
  });
});

eachPlatform('[F-6] an app that closes while a handler never ends', (database, adapter) => {
  it.each(STAMPS)('[F-6] closes all the same, and logs its ticket once (%s)', async (_, stamp) => {
    const visitApp = await startVisitApp(adapter, database, { controllers: [visitController(stamp)] });
    const { app, behaviour } = visitApp;
    const guest = await ticketFor(visitApp);
    const entered = barrier();
    behaviour.act = () => {
      entered.open();
      return new Promise(() => undefined);
    };
    await hangUp(app, `/visit?${queryOf(guest.credentials)}`, entered.opened);
    Object.assign(app.get(Claims)['open'], { limit: 1 });
    const logged = captureLog();
    await app.close();
    const lines = logged.map(({ text }) => text).filter((text) => text.includes(guest.uuid));
    expect(lines).toEqual([expect.stringContaining('The app closes while ticket')]);
    const later = await database.connect({ entities: [Ticket] });
    const ticket = await later.getRepository(Ticket).findOneByOrFail({ uuid: guest.uuid });
    expect(ticket.used).toBe(false);
  });
});

describe('open claims', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Work that holds a ticket until it is told how to end. */
  function hold(open: OpenClaims, uuid: string) {
    let stamp!: () => void;
    let fail!: (error: Error) => void;
    const work = new Promise<void>((resolve, reject) => ([stamp, fail] = [resolve, reject]));
    const held = open.during(Object.assign(new Ticket(), { uuid }), () => work);
    return { stamp, fail, held };
  }

  it('[F-6] are waited for until each has ended, whichever way', async () => {
    const open = new OpenClaims();
    const [one, two] = [hold(open, 'one'), hold(open, 'two')];
    let isOver = false;
    const ended = open.ended().then(() => (isOver = true));
    one.stamp();
    await one.held;
    expect(isOver).toBe(false);
    two.fail(new Error('The database is gone'));
    await expect(two.held).rejects.toThrow('The database is gone');
    await ended;
    await open.ended();
  });

  it('[F-6] are waited for while they are taken, and not when that fails', async () => {
    const open = new OpenClaims();
    const answer = barrier();
    const taking = open.during(new Ticket(), () =>
      answer.opened.then(() => Promise.reject(new Error('busy'))),
    );
    let isOver = false;
    const ended = open.ended().then(() => (isOver = true));
    await Promise.resolve();
    expect(isOver).toBe(false);
    answer.open();
    await expect(taking).rejects.toThrow('busy');
    await ended;
  });

  it('[F-6] are not waited for that are taken later', async () => {
    const open = new OpenClaims();
    const early = hold(open, 'one');
    const ended = open.ended();
    hold(open, 'two');
    early.stamp();
    await ended;
  });

  it('[F-6] are waited for no longer than 10 s in all, and then logged, once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const logged = captureLog();
    const open = new OpenClaims();
    hold(open, 'one');
    const ended = open.ended();
    vi.advanceTimersByTime(9_999);
    expect(logged).toEqual([]);
    vi.advanceTimersByTime(1);
    await ended;
    // Taken between the two waits of the app.
    hold(open, 'two');
    await open.ended();
    await open.ended();
    expect(logged.map(({ text }) => text)).toEqual([
      expect.stringContaining('The app closes while ticket one is claimed'),
      expect.stringContaining('The app closes while ticket two is claimed'),
    ]);
  });
});
