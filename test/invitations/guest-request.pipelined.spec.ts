import { getEventListeners } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Controller, Get, Post, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInTransaction, StampInvitation } from 'nestjs-ticketoffice';
import { expect, it, vi } from 'vitest';
import { disconnectSignal } from '../../lib/invitations/guest-request.js';
import { PasswordQueue } from '../../lib/tickets/admission/password.queue.js';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { barrier } from '../support/barrier.js';
import { afterwards } from '../support/suite-scope.js';

@Controller()
class LouvreController {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  visit(): string {
    return 'Welcome';
  }

  @Post('stamped')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  stamped(): string {
    return 'Welcome';
  }

  @Post('redeemed')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  redeemed(): string {
    return 'Welcome';
  }
}

/** The warnings of the process, from now to the end of the test. */
function warnings(): string[] {
  const texts: string[] = [];
  const note = ({ name, message }: Error) => void texts.push(`${name}: ${message}`);
  process.on('warning', note);
  afterwards(() => process.off('warning', note));
  return texts;
}

/** Thirty passwords are hashed meanwhile, one by one. */
const patience = { timeout: 30_000 };

/** How many listeners a connection has, by event. */
const listenersOf = (socket: Socket) =>
  Object.fromEntries(socket.eventNames().map((name) => [String(name), socket.listenerCount(name)]));

eachAdapter('Requests that are pipelined on one connection', (adapter) => {
  /** An app whose queue for argon2 moves once the test lets it, and a connection to it. */
  async function connection() {
    const { app, tickets } = await startApp(adapter, anyDatabase, {
      controllers: [LouvreController],
      options: { argon2: { memoryCost: 7168, timeCost: 5, concurrency: 1 } },
    });
    const visit = { place: 'louvre', purpose: 'visit', password: 'I love Paris' };
    const { uuid } = (await tickets.issue(visit)).credentials;
    const server = app.getHttpServer() as Server;
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    afterwards(() => client.destroy());
    let received = '';
    client.setEncoding('utf8').on('data', (text: string) => (received += text));
    const queue = app.get(PasswordQueue);
    const running = vi.spyOn(queue, 'run');
    afterwards(() => running.mockRestore());
    return {
      socket: await accepted,
      tickets,
      send: (text: string) => void client.write(text),
      /** Sends guesses, and resolves once all of them are in the queue. */
      guess: async (count: number) => {
        const before = running.mock.calls.length;
        client.write(
          `GET /louvre?uuid=${uuid}&password=wrong HTTP/1.1\r\nHost: museum\r\n\r\n`.repeat(count),
        );
        await vi.waitUntil(() => running.mock.calls.length === before + count, patience);
      },
      answers: (count: number) =>
        vi.waitUntil(() => received.split('HTTP/1.1 ').length === count + 1, patience),
      hold: () => {
        const end = barrier();
        const held = queue.run(() => end.opened);
        return async () => (end.open(), held);
      },
    };
  }

  it('[A-14] cause no warning by guesses at a human password, and leave nothing that listens to it', async () => {
    const told = warnings();
    const { socket, guess, answers, hold } = await connection();
    let letGo = hold();
    await guess(1);
    const whileOneWaits = listenersOf(socket);
    await letGo();
    await answers(1);
    const afterOne = listenersOf(socket);
    letGo = hold();
    await guess(30);
    const signal = disconnectSignal({ socket } as never);
    expect(getEventListeners(signal, 'abort')).toHaveLength(30);
    expect(listenersOf(socket)).toEqual(whileOneWaits);
    await letGo();
    await answers(31);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await vi.waitFor(() => expect(listenersOf(socket)).toEqual(afterOne), patience);
    expect(told).toEqual([]);
  });

  it('[A-14] cause none when the guest hangs up', async () => {
    const told = warnings();
    const { socket, guess, hold } = await connection();
    const letGo = hold();
    await guess(30);
    const signal = disconnectSignal({ socket } as never);
    socket.destroy();
    await vi.waitUntil(() => getEventListeners(signal, 'abort').length === 0, patience);
    await letGo();
    expect(told).toEqual([]);
  });

  it.each(['stamped', 'redeemed'])('[A-14] cause none at a handler that is %s', async (path) => {
    const told = warnings();
    const { socket, tickets, send, answers } = await connection();
    const request = async () => {
      const { credentials } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
      const authorization = `Authorization: Ticket ${credentials.uuid}:${credentials.password}`;
      return `POST /${path} HTTP/1.1\r\nHost: museum\r\nContent-Length: 0\r\n${authorization}\r\n\r\n`;
    };
    send(await request());
    await answers(1);
    const afterOne = listenersOf(socket);
    send((await Promise.all(Array.from({ length: 30 }, request))).join(''));
    await answers(31);
    await vi.waitFor(() => expect(listenersOf(socket)).toEqual(afterOne), patience);
    expect(told).toEqual([]);
  });
});
