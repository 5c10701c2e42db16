import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { parseCookie, stringifySetCookie } from 'cookie';
import { Keyring } from '../tickets/keyring.js';
import type { Ticket } from '../tickets/ticket.entity.js';
import { generationOf } from '../tickets/ticket.row.js';
import type { GuestRequest } from './guest-request.js';
import { InvitationSettings } from './invitation.settings.js';
import { openPass, sealPass, type ShownPass } from './pass.js';
import type { Door } from './door.js';

const isSecure = (request: GuestRequest): boolean => request.protocol === 'https';

/** One cookie for each place and purpose. `__Host-` (RFC 6265bis, section 4.1.3.2) where the browser can hold to it. */
function cookieName({ place, purpose }: Door, secure: boolean): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([place, purpose]))
    .digest('base64url');
  return `${secure ? '__Host-' : ''}ticket-office-${digest.slice(0, 16)}`;
}

/** Keeps passes in cookies. */
@Injectable()
export class PassCookie {
  constructor(
    private readonly keyring: Keyring,
    private readonly settings: InvitationSettings,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** The genuine, unexpired pass that a request brings for this door; `undefined`: none that counts. */
  read(request: GuestRequest, { place, purpose }: Door): ShownPass | undefined {
    if (!this.settings.pass) return undefined;
    const name = cookieName({ place, purpose }, isSecure(request));
    // Not decoded: a pass has no character that a cookie would have to encode.
    const text = parseCookie(request.headers.cookie ?? '', { decode: (value) => value })[name];
    return text === undefined ? undefined : openPass(this.keyring, text, place, purpose, this.settings.now());
  }

  /** Gives the browser a pass for the ticket, which ends with it at the latest. */
  grant(request: GuestRequest, response: unknown, ticket: Ticket, maxAge: number): void {
    const now = this.settings.now().getTime();
    const { uuid, place, purpose } = ticket;
    const expiresAt = new Date(Math.min(now + maxAge, ticket.expiresAt?.getTime() ?? Infinity));
    const text = sealPass(this.keyring, {
      uuid,
      place,
      purpose,
      generation: generationOf(ticket)!,
      expiresAt,
    });
    this.set(request, response, ticket, text, expiresAt.getTime() - now);
  }

  /** Takes the pass for this door back. */
  clear(request: GuestRequest, response: unknown, door: Door): void {
    this.set(request, response, door, '', 0);
  }

  private set(request: GuestRequest, response: unknown, door: Door, value: string, ms: number): void {
    const secure = isSecure(request);
    const cookie = stringifySetCookie({
      name: cookieName(door, secure),
      value,
      maxAge: Math.ceil(ms / 1000),
      path: '/',
      httpOnly: true,
      secure,
      sameSite: 'lax',
    });
    this.adapterHost.httpAdapter.appendHeader(response, 'Set-Cookie', cookie);
  }
}
