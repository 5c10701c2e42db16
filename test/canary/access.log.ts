import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Witness } from './witness.js';

/** What an access log has to leave out of the address of a request. */
export const redact = (text: string): string =>
  text
    .replace(/tkt_[\w-]{43}/g, '[redacted]')
    .replace(/([?&;]password(?:\[[^\]=]*\]|%5B[^=]*%5D)?=)[^&#\s]*/gi, '$1[redacted]');

/** A middleware that logs every request as an app does that knows of secrets in addresses. */
export const accessLog =
  (witness: Witness) =>
  (request: IncomingMessage & { originalUrl?: string }, response: ServerResponse, next: () => void): void => {
    const line = `${request.method} ${request.originalUrl ?? request.url} ${request.headers.referer ?? ''}`;
    response.once('finish', () => witness.note('access log', `${redact(line)} ${response.statusCode}`));
    next();
  };
