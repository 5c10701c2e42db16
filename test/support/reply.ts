import type { ServerResponse } from 'node:http';

/** What Express and Fastify have in common of a response, as handlers use it. */
export interface Reply {
  statusCode: number;
  readonly headersSent?: boolean;
  readonly sent?: boolean;
  readonly raw?: ServerResponse;
  status(code: number): Reply;
  send(body: unknown): unknown;
}

/** Whether an answer is out, the handler's or another. */
export const isOut = (reply: Reply): boolean => reply.sent ?? reply.headersSent ?? false;
