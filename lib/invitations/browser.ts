import Negotiator from 'negotiator';
import type { GuestRequest } from './guest-request.js';

/** Whether a page serves this client better than JSON. */
export const prefersHtml = (request: GuestRequest): boolean =>
  new Negotiator(request).mediaType(['application/json', 'text/html']) === 'text/html';

/**
 * Whether a browser asks for a page, or loads what one shows: by `Accept`, which names HTML in every navigation, or by
 * `Sec-Fetch-Mode`, which is `no-cors` for images and the like. A script's `fetch` is a program.
 */
export const isBrowser = (request: GuestRequest): boolean =>
  new Negotiator(request).mediaTypes().some((type) => type.toLowerCase() === 'text/html') ||
  request.headers['sec-fetch-mode'] === 'no-cors';
