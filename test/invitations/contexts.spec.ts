import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { All, Controller, type ExecutionContext, Injectable, Req, UseInterceptors } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import { firstValueFrom } from 'rxjs';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { eachAdapter } from '../support/apps.js';
import { anyDatabase, Ledger, type Museum, openMuseum } from '../support/museum.js';
import { ask, authorization, cookieOf, queryOf } from './ask.js';

@Controller()
class MessageController {
  constructor(private readonly ledger: Ledger) {}

  @MessagePattern('visit')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit() {
    this.ledger.note('ran');
    return 'Welcome';
  }
}

/** A socket with the request that it began with, as the gateway has noted it. */
type Client = WebSocket & { upgrade?: IncomingMessage };

@WebSocketGateway({ path: '/socket' })
class LouvreGateway implements OnGatewayConnection {
  constructor(private readonly ledger: Ledger) {}

  handleConnection(client: Client, request: IncomingMessage): void {
    client.upgrade = request;
  }

  @SubscribeMessage('closed')
  @InvitationRequired('louvre', 'visit')
  closed() {
    this.ledger.note('ran');
    return { event: 'closed', data: 'Welcome' };
  }

  @SubscribeMessage('visit')
  @InvitationRequired('louvre', 'visit', {
    getRequest: (context) => context.switchToWs().getClient<Client>().upgrade,
  })
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note('ran');
    return { event: 'visit', data: ticket.uuid };
  }
}

const requestOfGraphql = (context: ExecutionContext) => context.getArgByIndex<{ req: unknown }>(2).req;

@Injectable()
class LouvreResolver {
  constructor(private readonly ledger: Ledger) {}

  @InvitationRequired('louvre', 'visit')
  closed() {
    this.ledger.note('ran');
  }

  @InvitationRequired('louvre', 'visit', { getRequest: () => undefined })
  lost() {
    this.ledger.note('ran');
  }

  @InvitationRequired('louvre', 'visit', { getRequest: requestOfGraphql })
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note('ran');
    return ticket.uuid;
  }
}

/** Calls the resolvers as `@nestjs/graphql` does: with root, arguments, context and info. */
@Controller('graphql')
class GraphqlController {
  constructor(
    private readonly creator: ExternalContextCreator,
    private readonly resolver: LouvreResolver,
  ) {}

  @All(':name')
  async resolve(@Req() req: { params: { name: 'closed' | 'lost' | 'visit' } }) {
    const { name } = req.params;
    const handler = this.creator.create(
      this.resolver,
      this.resolver[name] as () => unknown,
      name,
      ROUTE_ARGS_METADATA,
      { exchangeKeyForValue: () => undefined },
      undefined,
      undefined,
      { guards: true, interceptors: true, filters: false },
      'graphql',
    );
    return { data: (await handler({}, {}, { req }, {})) as unknown };
  }
}

eachAdapter('The guard outside HTTP', (adapter) => {
  const open = async () => {
    const museum = await openMuseum(adapter, anyDatabase, {
      controllers: [MessageController, GraphqlController],
      providers: [LouvreGateway, LouvreResolver],
      before: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
    });
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    return { museum, credentials, row: () => museum.row(credentials.uuid) };
  };

  it('[M-2] refuses a message of a microservice, whatever it brings', async () => {
    const { museum, credentials, row } = await open();
    const before = await row();
    const server = museum.app.connectMicroservice({ transport: Transport.TCP, options: { port: 0 } });
    await museum.app.startAllMicroservices();
    const { port } = server.unwrap<Server>().address() as AddressInfo;
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { port } });
    onTestFinished(() => client.close());
    const { uuid, password } = credentials;
    const headers = authorization(credentials);
    const shown = { uuid, password, headers, url: `/?${queryOf(credentials)}` };
    for (const message of [shown, '', null])
      await expect(firstValueFrom(client.send('visit', message))).rejects.toBeDefined();
    expect(museum.ledger.entries).toEqual([]);
    expect(await row()).toEqual(before);
  });

  it('[M-2] refuses a message of a socket, unless the request is found that it began with', async () => {
    const { museum, credentials, row } = await open();
    const before = await row();
    expect(await say(museum, '/socket', 'visit')).toMatchObject({ event: 'exception' });
    expect(await say(museum, `/socket?${queryOf(credentials)}`, 'closed')).toMatchObject({
      event: 'exception',
    });
    expect(museum.ledger.entries).toEqual([]);
    expect(await row()).toEqual(before);
    const welcome = { event: 'visit', data: credentials.uuid };
    expect(await say(museum, `/socket?${queryOf(credentials)}`, 'visit')).toEqual(welcome);
    expect((await row())!.usedAt).not.toBeNull();
    expect(await say(museum, `/socket?${queryOf(credentials)}`, 'visit')).not.toEqual(welcome);
    expect(museum.ledger.count('ran')).toBe(1);
  });

  it.each(['closed', 'lost'])('[M-2] refuses a GraphQL resolver that is %s to it', async (name) => {
    const { museum, credentials, row } = await open();
    const before = await row();
    const headers = authorization(credentials);
    for (const target of [`/graphql/${name}`, `/graphql/${name}?${queryOf(credentials)}`])
      expect((await ask(museum.app, target, { method: 'POST', headers })).status).toBe(403);
    expect(museum.ledger.entries).toEqual([]);
    expect(await row()).toEqual(before);
  });

  it('[M-2] admits to a GraphQL resolver by the request that it finds, in place, and once', async () => {
    const { museum, credentials, row } = await open();
    const headers = authorization(credentials);
    const visit = (more: Record<string, string> = headers) =>
      ask(museum.app, '/graphql/visit', { method: 'POST', headers: more });
    expect((await visit({})).status).toBe(401);
    const answer = await visit();
    expect(JSON.parse(answer.body)).toEqual({ data: credentials.uuid });
    expect((await row())!.usedAt).not.toBeNull();
    const again = await visit();
    expect(JSON.parse(again.body)).toMatchObject({ statusCode: 403, errorCode: 'TICKET_USED' });
    expect(museum.ledger.count('ran')).toBe(1);
  });

  it('[M-2] grants no pass and shows no page to a GraphQL resolver', async () => {
    const { museum, credentials } = await open();
    const target = `/graphql/visit?${queryOf(credentials)}`;
    const answer = await ask(museum.app, target, { headers: { Accept: 'text/html' } });
    expect(JSON.parse(answer.body)).toEqual({ data: credentials.uuid });
    expect(cookieOf(answer)).toBe('');
  });
});

/** Sends one message over a socket of its own, and reads the answer to it. */
async function say(museum: Museum, path: string, event: string): Promise<unknown> {
  const { port } = museum.app.getHttpServer().address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  onTestFinished(() => socket.close());
  return new Promise((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ event, data: {} })));
    socket.on('message', (data: Buffer) => resolve(JSON.parse(data.toString('utf8'))));
    socket.on('error', reject);
  });
}
