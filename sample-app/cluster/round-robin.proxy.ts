import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';

/** What of a request or a response concerns one connection, and is not passed on (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

/** Hands each request to the next of the nodes; `X-Node` says which one it was. */
export function roundRobinProxy(nodes: () => readonly number[]): Server {
  let turn = 0;
  return createServer((incoming, outgoing) => {
    const ports = nodes();
    const port = ports[turn++ % ports.length];
    if (port === undefined) refuse(outgoing, 503, 'No node is running.');
    else forward(incoming, outgoing, port);
  });
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const { method, url: path } = incoming;
  const address = incoming.socket.remoteAddress;
  // Host stays the guest's: the museum compares it with the origin of forms.
  const headers = [...endToEnd(incoming.rawHeaders), 'X-Forwarded-For', String(address)];
  const passed = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    const answered = [...endToEnd(answer.rawHeaders), 'X-Node', String(port)];
    outgoing.writeHead(answer.statusCode!, answered);
    // Before its body: an event stream may have none for minutes.
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    answer.once('error', () => outgoing.destroy());
  });
  passed.once('error', () => {
    // Whether the node has done it is unknown, so it is not asked of another one.
    if (outgoing.headersSent) outgoing.destroy();
    else refuse(outgoing, 502, 'The node of this request has ended.');
  });
  // The guest has hung up.
  outgoing.once('close', () => passed.destroy());
  incoming.pipe(passed);
}

function endToEnd(rawHeaders: readonly string[]): string[] {
  const isPassed = (index: number) =>
    !HOP_BY_HOP.has(rawHeaders[index]!.toLowerCase()) &&
    // The proxy's own word, or a guest could choose the address that is throttled.
    rawHeaders[index]!.toLowerCase() !== 'x-forwarded-for';
  return rawHeaders.filter((_, index) => isPassed(index - (index % 2)));
}

function refuse(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '1' });
  outgoing.end(`${text}\n`);
}
