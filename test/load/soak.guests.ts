import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { authorization } from '../invitations/ask.js';
import type { SoakApp } from './soak.app.js';
import { pathOf, VISIT } from './soak.controllers.js';
import { after, type Visit } from './soak.run.js';

/** How long a guest waits for an answer, in ms. */
const BOUND = 15_000;

/** The browsers of all guests of a soak. */
export class Guests {
  /** For requests one after another on the same connections. */
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 6 });

  constructor(private readonly app: SoakApp) {}

  /** A request of its own. */
  async visit(visit: Visit): Promise<void> {
    const { port } = this.app;
    const { path, headers } = this.targetOf(visit);
    const agent = visit.isKeptAlive ? this.agent : false;
    const outgoing = request({ host: '127.0.0.1', port, path, headers, agent });
    const hangUp = () => void outgoing.destroy();
    const answer = new Promise<void>((resolve) => {
      outgoing.on('error', () => resolve()).on('close', () => resolve());
      outgoing.on('response', (message) => void read(message, visit, hangUp).then(resolve));
    });
    outgoing.end();
    if (visit.hangUpAfter !== undefined) void after(visit.hangUpAfter).then(hangUp);
    await this.bounded(answer, visit, hangUp);
  }

  /** Several at once on one connection. */
  async pipeline(visits: readonly Visit[]): Promise<void> {
    const socket = connect(this.app.port, '127.0.0.1');
    let text = '';
    const hangUp = () => void socket.destroy();
    const over = new Promise<void>((resolve) => {
      socket.on('error', () => undefined).on('close', () => resolve());
      socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    });
    socket.write(visits.map((visit, index) => this.rawRequest(visit, index === visits.length - 1)).join(''));
    const [{ hangUpAfter }] = visits as [Visit];
    if (hangUpAfter !== undefined) void after(hangUpAfter).then(hangUp);
    await this.bounded(over, visits[0]!, hangUp);
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)];
    statuses.forEach(([, status], index) => (visits[index]!.status = Number(status)));
  }

  leave(): void {
    this.agent.destroy();
  }

  private async bounded(answer: Promise<void>, { shape }: Visit, hangUp: () => void): Promise<void> {
    const timer = setTimeout(() => {
      this.app.ledger.faults.push(`${shape.does}: no answer for ${BOUND} ms`);
      hangUp();
    }, BOUND);
    await answer;
    clearTimeout(timer);
  }

  private targetOf({ id, stamp: name, shape, credentials }: Visit) {
    const stamp = this.app.stamps.find(({ interceptor }) => interceptor.name === name)!;
    return { path: pathOf(stamp, shape), headers: { ...authorization(credentials), [VISIT]: id } };
  }

  private rawRequest(visit: Visit, isLast: boolean): string {
    const { path, headers } = this.targetOf(visit);
    const all = { Host: 'museum.example', ...headers, Connection: isLast ? 'close' : 'keep-alive' };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  }
}

async function read(message: IncomingMessage, visit: Visit, hangUp: () => void): Promise<void> {
  visit.status = message.statusCode!;
  try {
    for await (const _ of message) if (visit.hangsUpInAnswer) hangUp();
  } catch {
    // The answer was cut short.
  }
}
