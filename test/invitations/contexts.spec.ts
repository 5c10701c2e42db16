import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import {
  All,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Req,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import { firstValueFrom } from 'rxjs';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp } from '../support/app.js';
import { RefusalFilter } from '../readme/refusal.filter.js';
import { isAtLeast } from '../support/versions.js';
import { ask, authorization, cookieOf, queryOf } from './ask.js';

@Controller()
class MessageController {
  constructor(private readonly ledger: Ledger) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  look() {
    return 'Welcome';
  }

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

const upgradeOf = (context: ExecutionContext) => context.switchToWs().getClient<Client>().upgrade;

@WebSocketGateway({ path: '/socket' })
@UseFilters(RefusalFilter)
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

  @SubscribeMessage('look')
  @InvitationRequired('louvre', 'visit', { getRequest: upgradeOf })
  look(@Invitation() ticket: Ticket) {
    return { event: 'look', data: ticket.uuid };
  }

  @SubscribeMessage('visit')
  @InvitationRequired('louvre', 'visit', { getRequest: upgradeOf })
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note('ran');
    return { event: 'visit', data: ticket.uuid };
  }
}

/** Leaves its refusals to Nest. */
@WebSocketGateway({ path: '/hall' })
class HallGateway {
  @SubscribeMessage('closed')
  @InvitationRequired('louvre', 'visit')
  closed() {
    return { event: 'closed', data: 'Welcome' };
  }

  @SubscribeMessage('open')
  open() {
    return { event: 'open', data: 'Welcome' };
  }
}

const requestOfGraphql = (context: ExecutionContext) => context.getArgByIndex<{ req: unknown }>(2).req;

/** The request as it would be with the credentials of another header. */
const otherRequestOfGraphql = (context: ExecutionContext) => {
  const { req } = context.getArgByIndex<{ req: IncomingMessage }>(2);
  const shown = String(req.headers['x-authorization']);
  const rawHeaders = ['Authorization', shown];
  return { method: 'POST', originalUrl: '/', headers: { authorization: shown }, rawHeaders };
};

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

  @InvitationRequired('orsay', 'visit', { getRequest: otherRequestOfGraphql })
  @UseInterceptors(StampInvitation)
  orsay(@Invitation() ticket: Ticket) {
    this.ledger.note('ran');
    return ticket.uuid;
  }

  @InvitationRequired('louvre', 'visit', { getRequest: () => ({ headers: null }) })
  headless() {
    this.ledger.note('ran');
  }
}

/** Calls the resolvers as `@nestjs/graphql` does: with root, arguments, context and info. */
@Controller('graphql')
class GraphqlController {
  constructor(
    private readonly creator: ExternalContextCreator,
    private readonly resolver: LouvreResolver,
  ) {}

  /** All that a query asks for, at once: `visit,orsay`. */
  @All(':names')
  async resolve(@Req() req: { params: { names: string } }) {
    const names = req.params.names.split(',') as (keyof LouvreResolver)[];
    const data = await Promise.all(names.map((name) => this.call(name, req)));
    return { data: names.length > 1 ? data : data[0] };
  }

  private call(name: keyof LouvreResolver, req: object): unknown {
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
    return handler({}, {}, { req }, { fieldName: name });
  }
}

eachAdapter('The guard outside HTTP', (adapter) => {
  const open = async () => {
    const museum = await startApp(adapter, anyDatabase, {
      controllers: [MessageController, GraphqlController],
      providers: [LouvreGateway, HallGateway, LouvreResolver],
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

  it.each(['closed', 'lost', 'headless'])(
    '[M-2] refuses a GraphQL resolver that is %s to it',
    async (name) => {
      const { museum, credentials, row } = await open();
      const before = await row();
      const headers = authorization(credentials);
      for (const target of [`/graphql/${name}`, `/graphql/${name}?${queryOf(credentials)}`])
        expect((await ask(museum.app, target, { method: 'POST', headers })).status).toBe(403);
      expect(museum.ledger.entries).toEqual([]);
      expect(await row()).toEqual(before);
    },
  );

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

  it('[M-3] keeps the tickets apart of resolvers that one request asks for at once', async () => {
    const { museum, credentials } = await open();
    const { credentials: other } = await museum.tickets.issue({ place: 'orsay', purpose: 'visit' });
    const headers = {
      ...authorization(credentials),
      'X-Authorization': authorization(other).Authorization,
    };
    const answer = await ask(museum.app, '/graphql/visit,orsay', { method: 'POST', headers });
    expect(JSON.parse(answer.body)).toEqual({ data: [credentials.uuid, other.uuid] });
    for (const { uuid } of [credentials, other]) expect((await museum.row(uuid))!.usedAt).not.toBeNull();
  });

  it('[M-2] admits by a code what stands for a request and has no socket, and refuses a wrong one', async () => {
    const { museum } = await open();
    const issued = { place: 'orsay', purpose: 'visit', password: { digits: 8 } };
    const { credentials } = await museum.tickets.issue(issued);
    const { uuid, password } = credentials;
    const visit = (code: string) =>
      ask(museum.app, '/graphql/orsay', {
        method: 'POST',
        headers: { 'X-Authorization': authorization({ uuid, password: code }).Authorization },
      });
    expect((await visit('00000000')).status).toBe(403);
    expect(JSON.parse((await visit(password)).body)).toEqual({ data: uuid });
  });

  it('[M-2] takes no pass: a link of another site, or a socket, would bring it along', async () => {
    const { museum, credentials, row } = await open();
    const opened = await ask(museum.app, `/louvre?${queryOf(credentials)}`);
    const headers = { Cookie: cookieOf(opened), Accept: 'text/html' };
    expect((await ask(museum.app, '/louvre', { headers })).status).toBe(200);
    const before = await row();
    museum.ledger.entries.length = 0;
    expect((await ask(museum.app, '/graphql/visit', { headers })).status).toBe(401);
    expect(await say(museum, '/socket', 'visit', headers)).toMatchObject({ event: 'exception' });
    expect(museum.ledger.entries).toEqual([]);
    expect(await row()).toEqual(before);
  });

  it('[M-2] tells a socket why by a filter; without one Nest 12 tells it nothing, and 11 does not answer', async () => {
    const { museum } = await open();
    const data = { statusCode: 403, errorCode: 'TICKET_INVALID' };
    expect(await say(museum, '/socket', 'closed')).toMatchObject({ event: 'exception', data });
    const socket = await connect(museum, '/hall');
    // Of both messages, what is answered first.
    const [first] = await Promise.all([socket.say('closed'), socket.say('open')]);
    const refusal = { event: 'exception', data: { message: 'Internal server error' } };
    const welcome = { event: 'open', data: 'Welcome' };
    expect(first).toMatchObject(isAtLeast('12.0.0', '@nestjs/core') ? refusal : welcome);
  });

  it('[S-12] asks a socket again at each message: a ticket that is over opens nothing more', async () => {
    const { museum, credentials } = await open();
    const socket = await connect(museum, `/socket?${queryOf(credentials)}`);
    expect(await socket.say('look')).toEqual({ event: 'look', data: credentials.uuid });
    expect(await socket.say('look')).toEqual({ event: 'look', data: credentials.uuid });
    await museum.tickets.revoke(credentials.uuid);
    expect(await socket.say('look')).toMatchObject({ event: 'exception' });
  });

  it('[M-2] grants no pass and shows no page to a GraphQL resolver', async () => {
    const { museum, credentials } = await open();
    const target = `/graphql/visit?${queryOf(credentials)}`;
    const answer = await ask(museum.app, target, { headers: { Accept: 'text/html' } });
    expect(JSON.parse(answer.body)).toEqual({ data: credentials.uuid });
    expect(cookieOf(answer)).toBe('');
  });
});

/** A socket that says something, and hears the answer to it. */
async function connect(museum: Museum, path: string, headers: Record<string, string> = {}) {
  const { port } = museum.app.getHttpServer().address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  onTestFinished(() => socket.close());
  await once(socket, 'open');
  return {
    async say(event: string): Promise<unknown> {
      const answer = once(socket, 'message');
      socket.send(JSON.stringify({ event, data: {} }));
      const [data] = (await answer) as [Buffer];
      return JSON.parse(data.toString('utf8'));
    },
  };
}

/** Sends one message over a socket of its own, and reads the answer to it. */
const say = async (museum: Museum, path: string, event: string, headers?: Record<string, string>) =>
  (await connect(museum, path, headers)).say(event);
