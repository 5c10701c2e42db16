import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { afterwards } from './suite-scope.js';

/**
 * A proxy that takes a prefix off the path, as nginx, Traefik and the ingress of a cluster do: `/museum/louvre` reaches
 * the app as `/louvre`, and `/museum` as `/`. Anything else is answered with 502, as no part of the app.
 *
 * @returns its port
 */
export async function stripPrefix(app: INestApplication, prefix: string): Promise<number> {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming;
    const rest = url.startsWith(prefix) ? url.slice(prefix.length) : '-';
    if (!/^(?:[/?]|$)/.test(rest)) return void outgoing.writeHead(502).end('outside of the app');
    const path = rest.startsWith('/') ? rest : `/${rest}`;
    const asked = httpRequest({ host: '127.0.0.1', port, method, headers, path, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    incoming.pipe(asked);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return (proxy.address() as AddressInfo).port;
}
