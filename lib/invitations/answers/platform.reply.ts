import type { HttpServer } from '@nestjs/common';
import { nodeResponseOf } from '../guest-request.js';

/** What the responses of Express and the replies of Fastify have in common. */
interface PlatformResponse {
  /** Fastify's: it may have taken an answer that Node's response does not have yet. */
  readonly sent?: boolean;
  getHeader(name: string): string | string[] | undefined;
  header(name: string, value: string | string[]): unknown;
  status(code: number): PlatformResponse;
  send(body: unknown): unknown;
}

/** What a filter needs of the app's HTTP adapter, for one that was made without it: the response itself does the same. */
const platformReply = {
  isHeadersSent: (response: PlatformResponse) =>
    response.sent === true || nodeResponseOf(response).headersSent,
  reply: (response: PlatformResponse, body: unknown, status: number) => response.status(status).send(body),
  end: (response: PlatformResponse) => nodeResponseOf(response).end(),
  getHeader: (response: PlatformResponse, name: string) => response.getHeader(name),
  setHeader: (response: PlatformResponse, name: string, value: string | string[]) =>
    response.header(name, value),
  appendHeader: (response: PlatformResponse, name: string, value: string) =>
    response.header(name, [response.getHeader(name) ?? [], value].flat()),
};

/** The part of an adapter that a filter of Nest uses. */
export const PLATFORM_REPLY = platformReply as unknown as HttpServer;
