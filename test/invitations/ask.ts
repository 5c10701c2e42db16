import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import type { CredentialsLike } from 'nestjs-ticketoffice';

/** An answer to the letter, so that two can be compared whole. */
export interface WholeAnswer {
  status: number;
  /** Header lines as they came, in their order, without Date. */
  lines: string[];
  /** The same, in lower case, for looking things up. */
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Question {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** An app of this process, or the port of any. */
type Asked = INestApplication | number;

const port = (app: Asked): number =>
  typeof app === 'number' ? app : (app.getHttpServer().address() as AddressInfo).port;

/** Sends a request whose target goes out as it is written, unlike supertest's. */
export function ask(app: Asked, target: string, question: Question = {}): Promise<WholeAnswer> {
  const { method = 'GET', headers = {}, body } = question;
  const options = { host: '127.0.0.1', port: port(app), path: target, method, headers, agent: false };
  return new Promise((resolve, reject) => {
    httpRequest(options, (message) => void whole(message).then(resolve, reject))
      .on('error', reject)
      .end(body);
  });
}

async function whole(message: IncomingMessage): Promise<WholeAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const lines = Array.from({ length: message.rawHeaders.length / 2 }, (_, index) =>
    message.rawHeaders.slice(index * 2, index * 2 + 2).join(': '),
  ).filter((line) => !/^date: /i.test(line));
  const { date: _, ...headers } = message.headers;
  const { statusCode } = message;
  return { status: statusCode!, lines, headers, body: Buffer.concat(chunks).toString('utf8') };
}

/** Sends bytes that no HTTP client would, and reads what comes until the server hangs up. */
export async function askRaw(app: INestApplication, text: string): Promise<string> {
  const socket = await openSocket(app);
  socket.write(text, 'latin1');
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

export function openSocket(app: INestApplication): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port(app), '127.0.0.1', () => resolve(socket)).on('error', reject);
  });
}

/** What a browser asks for that is led by a Location, or a form, from where it is. */
export function follow(address: string, reference: string): string {
  const { pathname, search } = new URL(reference, new URL(address, 'http://museum.example'));
  return pathname + search;
}

/** What Firefox and Chromium accept, in a header. */
export const BROWSER = {
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
};

/** The query of a link, as `url()` spells it. */
export const queryOf = ({ uuid, password }: CredentialsLike): string =>
  new URLSearchParams({ uuid, password }).toString();

/** The header by which a program shows credentials. */
export const authorization = ({ uuid, password }: CredentialsLike) => ({
  // Node sends a header's characters as latin1 bytes: these are the bytes of UTF-8.
  Authorization: Buffer.from(`Ticket ${uuid}:${password}`, 'utf8').toString('latin1'),
});

/** What a browser sends back of the Set-Cookie headers of an answer. */
export const cookieOf = ({ headers }: Pick<WholeAnswer, 'headers'>): string =>
  (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
