import {
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { InvitationRequired } from 'nestjs-ticketoffice';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { authorization } from '../invitations/ask.js';
import { barrier } from '../support/barrier.js';
import { eachPlatform } from '../support/platforms.js';
import { type Museum, startApp } from '../support/app.js';
import { hashes } from '../support/held.argon2.js';

vi.mock('argon2', async (importOriginal) => {
  const { heldArgon2 } = await import('../support/held.argon2.js');
  return heldArgon2(await importOriginal());
});

@Controller()
class LouvreController {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  look() {
    return 'Welcome';
  }
}

/** One at a time, and one that waits. */
const argon2 = { memoryCost: 7168, timeCost: 5, concurrency: 1, queue: 1 };

afterEach(() => hashes.letGo());

eachPlatform('A guest in the queue for argon2, over HTTP,', (database, adapter) => {
  const gone = barrier();
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, database, {
      controllers: [LouvreController],
      options: { argon2 },
      // Before the library's own, and so it knows when this tells.
      before: (app) =>
        app.use((_: IncomingMessage, response: ServerResponse, next: () => void) => {
          response.once('close', () => response.writableFinished || gone.open());
          next();
        }),
    });
  });

  const ticket = async () =>
    (await museum.tickets.issue({ place: 'louvre', purpose: 'visit', password: 'I love Paris' })).credentials
      .uuid;
  const attempts = async (uuid: string) => (await museum.row(uuid))!.attempts;

  /** Guesses by a request that can be hung up. */
  function beginGuess(uuid: string) {
    const { port } = museum.app.getHttpServer().address() as AddressInfo;
    const headers = authorization({ uuid, password: 'I love London' });
    const options = { host: '127.0.0.1', port, path: '/louvre', headers, agent: false };
    let hangUp!: () => void;
    const status = new Promise<number | 'hung up'>((resolve) => {
      const outgoing: ClientRequest = httpRequest(options, (message) => {
        message.resume();
        resolve(message.statusCode!);
      });
      outgoing.on('error', () => resolve('hung up')).end();
      hangUp = () => void outgoing.destroy();
    });
    return { uuid, status, hangUp };
  }

  /** Two guests for one place in the queue: the one who is sent away, and the one who waits. */
  async function rivals(uuids: string[]) {
    const guests = uuids.map(beginGuess);
    const sentAway = await Promise.race(
      guests.map(async (guest) => ((await guest.status) === 503 ? guest : forEver())),
    );
    return { sentAway, waiting: guests.find((guest) => guest !== sentAway)! };
  }

  it('[G-3] leaves it by hanging up: the guess is neither counted nor hashed, and another has its place', async () => {
    const uuids: string[] = [];
    while (uuids.length < 5) uuids.push(await ticket());
    hashes.hold();
    const first = beginGuess(uuids[0]!);
    await hashes.areRunning(1);
    const before = await rivals(uuids.slice(1, 3));
    before.waiting.hangUp();
    await gone.opened;
    const after = await rivals(uuids.slice(3));
    hashes.letGo();
    expect(await first.status).toBe(403);
    expect(await before.waiting.status).toBe('hung up');
    expect(await after.waiting.status).toBe(403);
    expect(hashes.begun).toBe(2);
    const counted = [first, after.waiting, before.waiting, before.sentAway, after.sentAway];
    expect(await Promise.all(counted.map(({ uuid }) => attempts(uuid)))).toEqual([1, 1, 0, 0, 0]);
  });
});

const forEver = (): Promise<never> => new Promise(() => undefined);
