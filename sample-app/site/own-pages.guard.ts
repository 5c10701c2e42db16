import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { isIP } from 'node:net';
import { configuration } from '../configuration.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Forms are taken from this app's own pages only: of those that ask for no ticket, nobody else protects them from a
 * page of another site that has a visitor's browser send them.
 */
@Injectable()
export class OwnPages implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (SAFE.has(request.method) || isOwn(request)) return true;
    throw new ForbiddenException('This form comes from another site, and was not looked at.');
  }
}

/** By `Sec-Fetch-Site`; over plain http, where browsers leave it out, by `Origin`; who sends neither is no browser. */
function isOwn(request: Request): boolean {
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('Origin');
  return origin === undefined || ownOrigins(request).includes(origin);
}

/** As the links on the tickets say it; or by a number, or as the machine calls itself. */
const ownOrigins = (request: Request): string[] => [
  new URL(configuration.baseUrl).origin,
  ...(isOwnName(request.hostname) ? [`${request.protocol}://${request.host}`] : []),
];

/** Not any name that the request has for us: who owns one can have it lead here, from a page of theirs. */
const isOwnName = (name: string): boolean => name === 'localhost' || isIP(name.replaceAll(/[[\]]/g, '')) > 0;
