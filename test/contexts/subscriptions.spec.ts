import { on, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase } from '../support/app.js';
import {
  driverOf,
  type GraphqlMuseum,
  LouvreResolver,
  NewsResolver,
  startGraphql,
} from './graphql.museum.js';

eachAdapter('a GraphQL subscription', (adapter) => {
  let museum: GraphqlMuseum;
  beforeAll(async () => {
    museum = await startGraphql(adapter, anyDatabase, [LouvreResolver, NewsResolver]);
  });

  /** Subscribes as the protocol graphql-transport-ws has it; returns what to hear by. */
  async function subscribe(field: string, headers = {}): Promise<() => Promise<unknown>> {
    const { port } = museum.app.getHttpServer().address() as AddressInfo;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', { headers });
    onTestFinished(() => socket.terminate());
    const messages = on(socket, 'message') as AsyncIterableIterator<[Buffer]>;
    await once(socket, 'open');
    const say = (message: object) => socket.send(JSON.stringify(message));
    const hear = async () => {
      const { value } = (await messages.next()) as { value: [Buffer] };
      return JSON.parse(String(value[0])) as unknown;
    };
    say({ type: 'connection_init', payload: {} });
    expect(await hear()).toMatchObject({ type: 'connection_ack' });
    say({ id: '1', type: 'subscribe', payload: { query: `subscription { ${field} }` } });
    return hear;
  }

  it(`[M-2] (${driverOf(adapter)}) is refused without getRequest`, async () => {
    const { headers } = await museum.invite();
    for (const shown of [{}, headers]) {
      const answer = JSON.stringify(await (await subscribe('closedNews', shown))());
      expect(answer).toContain('Links and codes are for HTTP handlers only.');
      expect(answer).not.toContain('is open');
    }
    expect(museum.ledger.entries).toEqual([]);
  });

  it('[M-2] is open by the request that its socket began with, and asks for no ticket at each event', async () => {
    const { headers, uuid } = await museum.invite();
    const hear = await subscribe('news', headers);
    const told = { type: 'next', payload: { data: { news: 'The Louvre is open' } } };
    expect([await hear(), await hear()]).toMatchObject([told, told]);
    expect((await museum.row(uuid))!.revokedAt).not.toBeNull();
    museum.ledger.entries.length = 0;
    const again = await subscribe('news', headers);
    expect(JSON.stringify(await again())).toContain('revoked');
    const nobody = await subscribe('news');
    expect(JSON.stringify(await nobody())).toContain('A link or a code is needed here.');
    expect(museum.ledger.entries).toEqual([]);
  });
});
