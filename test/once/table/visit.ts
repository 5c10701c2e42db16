import { type ClientRequest, request, type IncomingMessage } from 'node:http';
import { authorization } from '../../invitations/ask.js';
import type { Scene } from './scene.js';

export interface Answer {
  /** 0: there was none. */
  readonly status: number;
  readonly body: string;
}

/** A guest's request, on a connection of its own. */
export class Visit {
  readonly answer: Promise<Answer>;
  private readonly request: ClientRequest;

  /** @param scene what it plays in; a second visit plays in none */
  constructor(port: number, path: string, { credentials }: Pick<Scene, 'credentials'>, scene?: Scene) {
    const stage = scene && { 'x-scene': scene.uuid };
    const headers = { ...authorization(credentials), ...stage };
    this.request = request({ host: '127.0.0.1', port, path, headers, agent: false });
    this.answer = new Promise((resolve) => {
      this.request.on('error', () => resolve({ status: 0, body: '' }));
      this.request.on('response', (message) => void read(message).then(resolve));
    });
    this.request.end();
  }

  hangUp(): void {
    this.request.destroy();
  }
}

/** As much of it as comes. */
async function read(message: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of message) parts.push(part as Buffer);
  } catch {
    // The answer was cut short.
  }
  return { status: message.statusCode!, body: Buffer.concat(parts).toString('utf8') };
}
