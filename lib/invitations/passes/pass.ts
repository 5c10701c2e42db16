import { randomBytes } from 'node:crypto';
import { type Key, type Keyring, mac, sameText } from '../../tickets/secrets/keyring.js';
import { NoTicketError } from '../../tickets/ticket.errors.js';

/** Proof, kept by the browser, that the credentials of a ticket were right once. */
export interface Pass {
  readonly uuid: string;
  readonly place: string;
  readonly purpose: string;
  /** Which of the ticket's secrets was presented. */
  readonly generation: number;
  readonly grantedAt: Date;
  /**
   * Random, and the same in all passes of one browser for one ticket, however often its link is opened: a page that was
   * made with it stays valid.
   */
  readonly nonce: string;
  /** The first instant at which the pass no longer counts. */
  readonly expiresAt: Date;
}

/** 128 bits, as text of 22 characters. */
export const createNonce = (): string => randomBytes(16).toString('base64url');

/** Key id, uuid, nonce, generation, grant, expiry (base 36), HMAC-SHA-256 (43 characters): nothing else is a pass. */
const FORMAT =
  /^(([\w-]{8})\.([0-9a-f-]{36})\.([\w-]{22})\.([0-9a-z]{1,8})\.([0-9a-z]{1,11})\.([0-9a-z]{1,11}))\.[\w-]{43}$/;

/**
 * Whether an error is the end of its pass: its ticket has another secret, or is gone. A pass whose ticket is over lasts
 * its time out, so that each reload gives the reason, too. Neither does an unknown state of the ticket end it: its row
 * may be readable again in a moment.
 */
export const endsPass = (error: unknown): boolean => error instanceof NoTicketError;

/** The pass as a token; place and purpose are signed but not written. */
export function signPass(keyring: Keyring, pass: Pass): string {
  const key = keyring.current('pass');
  const { uuid, nonce, place, purpose, generation, grantedAt, expiresAt } = pass;
  const numbers = [generation, grantedAt.getTime(), expiresAt.getTime()].map((part) => part.toString(36));
  return signed(key, [key.id, uuid, nonce, ...numbers].join('.'), place, purpose);
}

/** Reads a token for this place and purpose; `undefined` when it is forged, altered, expired or for another scope. */
export function verifyPass(
  keyring: Keyring,
  text: string,
  place: string,
  purpose: string,
  now: Date,
): Pass | undefined {
  const [, written, id, uuid, nonce, generation, grant, expiry] = FORMAT.exec(text) ?? [];
  const key = id === undefined ? undefined : keyring.find('pass', id);
  // The whole text is compared, not its signature's bytes: a pass has one spelling.
  if (!key || !sameText(text, signed(key, written!, place, purpose))) return undefined;
  const [grantedAt, expiresAt] = [instant(grant!), instant(expiry!)];
  if (now >= expiresAt) return undefined;
  return {
    uuid: uuid!,
    nonce: nonce!,
    place,
    purpose,
    generation: parseInt(generation!, 36),
    grantedAt,
    expiresAt,
  };
}

/**
 * When a token says that its pass was granted, genuine or not, in ms; -1 for no pass, or one from the future. It admits
 * nobody: without its scope, which it does not contain, a token cannot be verified.
 */
export function unverifiedGrantTime(text: string, now: Date): number {
  const grant = parseInt(FORMAT.exec(text)?.[6] ?? '', 36);
  return grant <= now.getTime() ? grant : -1;
}

const instant = (digits: string): Date => new Date(parseInt(digits, 36));

/** Signs the written part as it is spelled, and the scope, which is not written. */
const signed = (key: Key, written: string, place: string, purpose: string): string =>
  `${written}.${mac(key, written, place, purpose).toString('base64url')}`;
