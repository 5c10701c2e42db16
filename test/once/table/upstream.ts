import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterwards } from '../../support/suite-scope.js';

/** Another server, which answers 502 to everything. */
export const upstream = { url: '' };

export async function startUpstream(): Promise<void> {
  const server = createServer((_, response) => void response.writeHead(502).end('Bad gateway'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
}
