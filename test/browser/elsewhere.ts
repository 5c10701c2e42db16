import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterwards } from '../support/suite-scope.js';

/** A server of somebody else's. */
export interface Elsewhere {
  /** Its origin, under one of its names. */
  origin: (host: string) => string;
  /** What it shows from now on, at every address. */
  show: (html: string, headers?: Record<string, string>) => void;
  /** All that it was asked. */
  readonly asked: IncomingMessage[];
}

/** Starts a server on a free port; it closes after the test, or after the block when made in its beforeAll. */
export async function openElsewhere(): Promise<Elsewhere> {
  const asked: IncomingMessage[] = [];
  let shown = { html: '', headers: {} };
  const server = createServer((request, response) => {
    asked.push(request);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...shown.headers });
    response.end(shown.html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    origin: (host) => `http://${host}:${port}`,
    show: (html, headers = {}) => void (shown = { html, headers }),
  };
}
