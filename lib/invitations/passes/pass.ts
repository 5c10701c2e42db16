import { randomBytes } from 'node:crypto';
import { type Key, type Keyring, mac, sameText } from '../../tickets/secrets/keyring.js';
import {
  CredentialsError,
  NoTicketError,
  TicketExpiredError,
  TicketRevokedError,
  TicketUsedError,
} from '../../tickets/ticket.errors.js';

/** Proof, kept by the browser, that the credentials of a ticket were right once. */
export interface Pass {
  readonly uuid: string;
  readonly place: string;
  readonly purpose: string;
  /** Which of the ticket's secrets was shown. */
  readonly generation: number;
  readonly grantedAt: Date;
  /**
   * Random, and the same in all passes that one browser is granted for one ticket, however often its link is opened:
   * what a page has of it stays good.
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

const OVER = [TicketUsedError, TicketExpiredError, TicketRevokedError];

/** Whether an error says that the ticket is over. */
export const isOver = (error: unknown): boolean => OVER.some((end) => error instanceof end);

/** Why else a pass is of no use from now on: its ticket is gone, or none of the place it was shown at. */
const ENDS = [NoTicketError, CredentialsError];

/** Whether an error is the end of the pass that met it; not so where nobody could tell what its ticket is worth. */
export const endsPass = (error: unknown): boolean =>
  isOver(error) || ENDS.some((end) => error instanceof end);

/** The pass as text to be kept; place and purpose are signed but not written. */
export function signPass(keyring: Keyring, pass: Pass): string {
  const key = keyring.current('pass');
  const { uuid, nonce, place, purpose, generation, grantedAt, expiresAt } = pass;
  const numbers = [generation, grantedAt.getTime(), expiresAt.getTime()].map((part) => part.toString(36));
  return signed(key, [key.id, uuid, nonce, ...numbers].join('.'), place, purpose);
}

/** Reads a pass for this place and purpose; `undefined` when it is forged, altered, out of time or for elsewhere. */
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
 * When a pass says that it was granted, genuine or not, in ms; before all others, what is none, or not yet granted.
 * Nobody is admitted by it: whether a pass for another door is genuine cannot be told, since it does not say for which.
 */
export function unverifiedGrantTime(text: string, now: Date): number {
  const grant = parseInt(FORMAT.exec(text)?.[6] ?? '', 36);
  return grant <= now.getTime() ? grant : -1;
}

const instant = (digits: string): Date => new Date(parseInt(digits, 36));

/** Signs what is written as it is spelled, and what is not. */
const signed = (key: Key, written: string, place: string, purpose: string): string =>
  `${written}.${mac(key, written, place, purpose).toString('base64url')}`;
