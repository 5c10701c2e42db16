import type { GuestRequest } from './guest-request.js';

/** Requests that only look (RFC 9110, section 9.3): Express and Fastify route HEAD to the handler of GET. */
export const isInert = ({ method }: GuestRequest): boolean => method === 'HEAD' || method === 'OPTIONS';

/** `Sec-Purpose` (Fetch), and what browsers sent before it was agreed on. */
const PURPOSES = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

/** Whether a browser loads what its guest may never look at. */
export const isPrefetch = ({ headers }: GuestRequest): boolean =>
  PURPOSES.some((name) => headers[name] !== undefined && /prefetch|preview/i.test(String(headers[name])));
