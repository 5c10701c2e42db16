import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { GUESTS } from './settings.js';

/** Requests to the server under test, over keep-alive connections. */
export class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: GUESTS });

  constructor(private readonly port: number) {}

  /** @throws Error for a status of 400 or more: a refusal must not count as a fast redemption */
  async send(method: 'GET' | 'POST' | 'DELETE', path: string, authorization?: string): Promise<unknown> {
    const headers = authorization === undefined ? {} : { authorization };
    const outgoing = request({
      host: '127.0.0.1',
      port: this.port,
      agent: this.agent,
      method,
      path,
      headers,
    });
    outgoing.end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const body = await text(incoming);
    if (incoming.statusCode! >= 400) throw new Error(`${method} ${path}: ${incoming.statusCode} ${body}`);
    return JSON.parse(body);
  }

  /** Sends a GET for each ticket, `GUESTS` at a time; returns how long the slowest took, in ms. */
  async sendAll(path: string, authorizations: readonly string[]): Promise<number> {
    const queue = authorizations.values();
    let slowest = 0;
    const guest = async () => {
      for (const authorization of queue) {
        const start = performance.now();
        await this.send('GET', path, authorization);
        slowest = Math.max(slowest, performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: GUESTS }, guest));
    return slowest;
  }

  close(): void {
    this.agent.destroy();
  }
}
