import { Controller, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { TicketErrorsFilter, TicketOfficeConfigurationError, TicketService } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { captureLog } from '../invitations/captured-log.js';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { connectTcp, openSocketAt, send } from './messages.js';

const UNKNOWN = '01890a5d-ac96-774b-bcce-b302099a8057';
const FOUND_NONE = { statusCode: 404, errorCode: 'TICKET_NOT_FOUND' };
/** Logged, and not sent. */
const HIDDEN = { message: 'no secret of the app for the caller' };
const FAILED = { status: 'error', message: 'Internal server error' };

@Controller()
@UseFilters(TicketErrorsFilter)
class ClerkMessages {
  constructor(private readonly tickets: TicketService) {}

  @MessagePattern('reissue')
  async reissue(@Payload() uuid: string) {
    return (await this.tickets.reissue(uuid, {})).ticket.uuid;
  }

  @MessagePattern('fail')
  fail() {
    throw new TicketOfficeConfigurationError(HIDDEN.message);
  }
}

@WebSocketGateway({ path: '/clerk' })
@UseFilters(TicketErrorsFilter)
class ClerkGateway {
  constructor(private readonly tickets: TicketService) {}

  @SubscribeMessage('reissue')
  async reissue(@MessageBody() uuid: string) {
    return { event: 'reissued', data: (await this.tickets.reissue(uuid, {})).ticket.uuid };
  }

  @SubscribeMessage('fail')
  fail() {
    throw new TicketOfficeConfigurationError(HIDDEN.message);
  }
}

eachAdapter('TicketErrorsFilter', (adapter) => {
  it('answers the caller of a microservice', async () => {
    const { app } = await startApp(adapter, anyDatabase, { controllers: [ClerkMessages] });
    const client = await connectTcp(app);
    const logged = captureLog();
    expect(await send(client, 'reissue', UNKNOWN)).toMatchObject({ error: FOUND_NONE });
    expect(await send(client, 'fail', {})).toEqual({ error: FAILED });
    expect(logged.map(({ text }) => text)).toEqual([expect.objectContaining(HIDDEN)]);
  });

  it('answers the client of a gateway', async () => {
    const { app } = await startApp(adapter, anyDatabase, {
      controllers: [],
      providers: [ClerkGateway],
      before: (starting) => starting.useWebSocketAdapter(new WsAdapter(starting)),
    });
    const socket = await openSocketAt(app, '/clerk');
    const logged = captureLog();
    expect(await socket.ask('reissue', UNKNOWN)).toMatchObject({ event: 'exception', data: FOUND_NONE });
    expect(await socket.ask('fail', {})).toEqual({ event: 'exception', data: FAILED });
    expect(logged.map(({ text }) => text)).toEqual([expect.objectContaining(HIDDEN)]);
  });
});
