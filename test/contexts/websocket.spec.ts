import { UseInterceptors } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  Ticket,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { beforeAll, expect, it } from 'vitest';
import { DoorGateway } from '../readme/door.gateway.js';
import { messageRequest as getRequest } from '../readme/message.request.js';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../support/app.js';
import { openSocketAt } from './messages.js';

@WebSocketGateway({ path: '/louvre' })
class LouvreGateway {
  @SubscribeMessage('write')
  @InvitationRequired('door', 'open', { credentials: ['body'], getRequest })
  @UseInterceptors(StampInTransaction)
  write(@Invitation() ticket: Ticket, @InvitationManager() manager: EntityManager) {
    return { event: 'written', data: [ticket.uuid, manager.queryRunner!.isTransactionActive] };
  }
}

eachAdapter('a message of a WebSocket that brings its credentials', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, {
      controllers: [],
      providers: [DoorGateway, LouvreGateway],
      before: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
    });
  });

  const issue = async (password?: string) => {
    const ticket = { place: 'door', purpose: 'open', subject: 'leonard', password };
    const { credentials } = await museum.tickets.issue(ticket);
    return { uuid: credentials.uuid, password: credentials.password };
  };
  const refusal = (errorCode: string) => ({ event: 'exception', data: { errorCode } });

  it('[R-1] is admitted once, also with a password that a person has chosen', async () => {
    for (const password of [undefined, 'I love Paris, é and 東京']) {
      const credentials = await issue(password);
      const socket = await openSocketAt(museum.app, '/door');
      expect(await socket.ask('open', credentials)).toEqual({ event: 'opened', data: { for: 'leonard' } });
      expect(await socket.ask('open', credentials)).toMatchObject(refusal('TICKET_USED'));
    }
  });

  it('[M-2] is told why it is refused, and the socket goes on', async () => {
    const { uuid, password } = await issue();
    const socket = await openSocketAt(museum.app, '/door');
    for (const data of [undefined, null, 'a text', 42, [uuid, password], {}])
      expect(await socket.ask('open', data)).toMatchObject(refusal('TICKET_MISSING'));
    for (const data of [{ uuid }, { uuid, password: [password] }, { uuid, password: 'a guess' }])
      expect(await socket.ask('open', data)).toMatchObject(refusal('TICKET_INVALID'));
    expect(await socket.ask('open', { uuid, password })).toMatchObject({ event: 'opened' });
  });

  it('[R-1] is admitted once of 20 at the same time, over one socket and over many', async () => {
    for (const count of [1, 20]) {
      const credentials = await issue();
      const opening = Array.from({ length: count }, () => openSocketAt(museum.app, '/door'));
      const sockets = await Promise.all(opening);
      const asked = Array.from({ length: 20 }, (_, at) => sockets[at % count]!.ask('open', credentials));
      const answers = (await Promise.all(asked)) as { event: string }[];
      expect(answers.filter(({ event }) => event === 'opened')).toHaveLength(1);
      expect(answers.filter(({ event }) => event === 'exception')).toHaveLength(19);
    }
  });

  it('[M-3] gets the ticket and the manager of its own, whatever comes over the same socket', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => issue()));
    const socket = await openSocketAt(museum.app, '/louvre');
    const answers = await Promise.all(all.map((credentials) => socket.ask('write', credentials)));
    expect(new Set(answers)).toEqual(
      new Set(all.map(({ uuid }) => ({ event: 'written', data: [uuid, true] }))),
    );
  });
});
