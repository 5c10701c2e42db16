import type { IncomingMessage, ServerResponse } from 'node:http';
import { redactedUrl } from '../../sample-app/site/redacted-url.js';
import type { Witness } from './witness.js';

/** A middleware that logs every request as docs/security.md recommends. */
export const accessLog =
  (witness: Witness) =>
  (request: IncomingMessage & { originalUrl?: string }, response: ServerResponse, next: () => void): void => {
    const urls = [request.originalUrl ?? request.url ?? '', request.headers.referer ?? ''].map(redactedUrl);
    response.once('finish', () =>
      witness.note('access log', `${request.method} ${urls.join(' ')} ${response.statusCode}`),
    );
    next();
  };
