import type { HttpAdapterHost } from '@nestjs/core';
import { parseCookie, stringifySetCookie } from 'cookie';
import { appendHeader } from '../../nest.versions.js';
import type { GuestRequest } from '../guest-request.js';
import { PASS_NAME, type PassStore, type StoredPass } from './pass.store.js';

/** For cookies that only https, and only this very host, can set (RFC 6265bis, section 4.1.3.2). */
const SECURE_PREFIX = '__Host-';
const PREFIX = 'ticket-office-';

/** Keeps passes in cookies, one for each ticket. */
export class PassCookies implements PassStore {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** Every request may bring cookies. */
  assertAvailable(): void {}

  all(request: GuestRequest): [name: string, token: string][] {
    const prefix = prefixOf(request);
    return Object.entries(cookiesOf(request))
      .filter(([cookie]) => cookie.startsWith(prefix) && PASS_NAME.test(cookie.slice(prefix.length)))
      .map(([cookie, token]) => [cookie.slice(prefix.length), token!]);
  }

  put(request: GuestRequest, response: unknown, { name, token, lifetime, evicts }: StoredPass): void {
    this.set(request, response, { name, token, lifetime });
    for (const old of evicts) this.remove(request, response, old);
  }

  remove(request: GuestRequest, response: unknown, name: string): void {
    this.set(request, response, { name, token: '', lifetime: 0 });
  }

  private set(request: GuestRequest, response: unknown, pass: Omit<StoredPass, 'evicts'>): void {
    const { name, token, lifetime } = pass;
    const cookie = stringifySetCookie({
      name: prefixOf(request) + name,
      value: token,
      maxAge: Math.ceil(lifetime / 1000),
      path: '/',
      httpOnly: true,
      // Also to remove it: a browser accepts a cookie of this name only with this flag.
      secure: isSecure(request),
      sameSite: 'lax',
    });
    appendHeader(this.adapterHost.httpAdapter, response, 'Set-Cookie', cookie);
  }
}

const isSecure = ({ protocol }: GuestRequest): boolean => protocol === 'https';

// On https only `__Host-` names count: a sibling host can set others, to crowd ours out.
const prefixOf = (request: GuestRequest): string => `${isSecure(request) ? SECURE_PREFIX : ''}${PREFIX}`;

// Not decoded: a pass has no character that a cookie would have to encode.
const cookiesOf = ({ headers }: GuestRequest): Record<string, string | undefined> =>
  parseCookie(headers.cookie ?? '', { decode: (value) => value });
