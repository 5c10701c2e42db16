import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterwards } from '../support/suite-scope.js';
import { DatabaseProxy } from './database.proxy.js';

/** A server that answers every request, reached through a proxy; and the requests that it had. */
export async function startEchoServer() {
  const heard: string[] = [];
  const server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .on('data', (data) => {
        heard.push(String(data));
        socket.write(`re: ${String(data)}`);
      }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(() => server.close());
  const { port } = server.address() as AddressInfo;
  const proxy = await DatabaseProxy.open(`tcp://127.0.0.1:${port}`);
  const client = connect(Number(new URL(proxy.url).port), '127.0.0.1').on('error', () => undefined);
  const ask = async (request: string): Promise<string> => {
    client.write(request);
    const reply = once(client, 'data').then(([data]) => String(data));
    return Promise.race([reply, once(client, 'close').then(() => 'closed')]);
  };
  return { heard, proxy, ask };
}
