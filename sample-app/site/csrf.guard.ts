import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { isIP } from 'node:net';
import { configuration } from '../configuration.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Accepts forms only from this app's own pages. The library protects the routes that require a ticket; this guard protects
 * the others from pages of other sites that submit forms in a visitor's browser.
 */
@Injectable()
export class CsrfGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (SAFE.has(request.method) || isOwn(request)) return true;
    throw new ForbiddenException('This form comes from another site, and was not accepted.');
  }
}

/** By `Sec-Fetch-Site`; over plain http, where browsers omit it, by `Origin`; a client that sends neither is no browser. */
function isOwn(request: Request): boolean {
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('Origin');
  return origin === undefined || ownOrigins(request).includes(origin);
}

/** That of `BASE_URL`; and this host's, when it is named by an IP address or as localhost. */
const ownOrigins = (request: Request): string[] => [
  new URL(configuration.baseUrl).origin,
  ...(isOwnName(request.hostname) ? [`${request.protocol}://${request.host}`] : []),
];

/** No other name from the `Host` header: an attacker can point a domain at this machine (DNS rebinding). */
const isOwnName = (name: string): boolean => name === 'localhost' || isIP(name.replaceAll(/[[\]]/g, '')) > 0;
