import type { HttpAdapterHost } from '@nestjs/core';
import { parseCookie, stringifySetCookie } from 'cookie';
import { appendHeader } from '../../nest.versions.js';
import type { GuestRequest } from '../guest-request.js';
import type { PassStore, StoredPass } from './pass.store.js';

/** For cookies that only https, and only this very host, can set (RFC 6265bis, section 4.1.3.2). */
const SECURE_PREFIX = '__Host-';
const PREFIX = 'ticket-office-';
const OURS = new RegExp(`^${PREFIX}[\\w-]{16}$`);

/** Keeps passes in cookies, one for each scope. */
export class PassCookies implements PassStore {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** Every request may bring cookies. */
  assertAvailable(): void {}

  nameOf({ protocol }: GuestRequest, digest: string): string {
    return `${schemePrefix(protocol)}${PREFIX}${digest}`;
  }

  find(request: GuestRequest, name: string): string | undefined {
    return cookiesOf(request)[name];
  }

  all(request: GuestRequest): [name: string, token: string][] {
    // On https only `__Host-` names count: a sibling host can set others, to crowd ours out.
    const prefix = schemePrefix(request.protocol);
    return Object.entries(cookiesOf(request))
      .filter(([name]) => name.startsWith(prefix) && OURS.test(name.slice(prefix.length)))
      .map(([name, token]) => [name, token!]);
  }

  put(request: GuestRequest, response: unknown, { name, token, lifetime, evicts }: StoredPass): void {
    this.set(response, name, token, lifetime);
    for (const old of evicts) this.remove(request, response, old);
  }

  remove(_request: GuestRequest, response: unknown, name: string): void {
    this.set(response, name, '', 0);
  }

  private set(response: unknown, name: string, value: string, lifetime: number): void {
    const cookie = stringifySetCookie({
      name,
      value,
      maxAge: Math.ceil(lifetime / 1000),
      path: '/',
      httpOnly: true,
      // Also to remove it: a browser accepts a cookie of this name only with this flag.
      secure: name.startsWith(SECURE_PREFIX),
      sameSite: 'lax',
    });
    appendHeader(this.adapterHost, response, 'Set-Cookie', cookie);
  }
}

const schemePrefix = (protocol: string): string => (protocol === 'https' ? SECURE_PREFIX : '');

// Not decoded: a pass has no character that a cookie would have to encode.
const cookiesOf = ({ headers }: GuestRequest): Record<string, string | undefined> =>
  parseCookie(headers.cookie ?? '', { decode: (value) => value });
