import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterwards } from '../support/suite-scope.js';

/** Another server, which handlers ask. */
export const upstream = { good: '', bad: '' };

let server: Server;

/** It closes after the test, or after the block. */
export async function startUpstream(): Promise<void> {
  server = createServer((request, response) => {
    response.writeHead(request.url === '/good' ? 200 : 502).end('Mona Lisa'.repeat(1000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(upstream, { good: `${url}/good`, bad: `${url}/bad` });
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** Ends the connections that `fetch()` keeps; one whose answer is not read to its end stays open on the other side. */
export const partFromUpstream = (): void => server.closeIdleConnections();
