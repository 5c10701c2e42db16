import type { HttpAdapterHost } from '@nestjs/core';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { GuestRequest } from '../guest-request.js';
import type { PassStore, StoredPass } from './pass.store.js';

/** For cookies that only https has, and only this very host (RFC 6265bis, section 4.1.3.2). */
const SECURE_PREFIX = '__Host-';
const PREFIX = 'ticket-office-';
const OURS = new RegExp(`^${PREFIX}[\\w-]{16}$`);

/** Keeps passes in cookies, one for each door. */
export class PassCookies implements PassStore {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** Every request may bring cookies. */
  assertAvailable(): void {}

  nameOf({ protocol }: GuestRequest, door: string): string {
    return `${schemePrefix(protocol)}${PREFIX}${door}`;
  }

  find(request: GuestRequest, name: string): string | undefined {
    return cookiesOf(request)[name];
  }

  all(request: GuestRequest): [name: string, seal: string][] {
    // Of https its own alone: others a sibling host can have set, to drive these out.
    const prefix = schemePrefix(request.protocol);
    return Object.entries(cookiesOf(request))
      .filter(([name]) => name.startsWith(prefix) && OURS.test(name.slice(prefix.length)))
      .map(([name, seal]) => [name, seal!]);
  }

  put(
    request: GuestRequest,
    response: unknown,
    { name, token: seal, lifetime, evicts: instead }: StoredPass,
  ): void {
    this.set(response, name, seal, lifetime);
    for (const old of instead) this.remove(request, response, old);
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
      // Also for one that is taken back: a browser takes a cookie by this name with this flag only.
      secure: name.startsWith(SECURE_PREFIX),
      sameSite: 'lax',
    });
    this.adapterHost.httpAdapter.appendHeader(response, 'Set-Cookie', cookie);
  }
}

const schemePrefix = (protocol: string): string => (protocol === 'https' ? SECURE_PREFIX : '');

// Not decoded: a pass has no character that a cookie would have to encode.
const cookiesOf = ({ headers }: GuestRequest): Record<string, string | undefined> =>
  parseCookie(headers.cookie ?? '', { decode: (value) => value });
