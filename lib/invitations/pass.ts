import { type Key, type Keyring, mac, sameText } from '../tickets/keyring.js';
import {
  CredentialsError,
  NoTicketError,
  TicketExpiredError,
  TicketRevokedError,
  TicketUsedError,
} from '../tickets/ticket.errors.js';

/** Proof, kept by the browser, that the credentials of a ticket were right once. */
export interface Pass {
  readonly uuid: string;
  readonly place: string;
  readonly purpose: string;
  /** Which of the ticket's secrets was shown. */
  readonly generation: number;
  /** The first instant at which the pass no longer counts. */
  readonly expiresAt: Date;
}

/** A pass that a browser has shown, and that is genuine. */
export interface ShownPass extends Pass {
  /** The pass as the text that the browser keeps. */
  readonly seal: string;
}

/** Key id, uuid, generation and expiry (base 36), HMAC-SHA-256 (43 characters): nothing else is a pass. */
const FORMAT = /^([\w-]{8})\.([0-9a-f-]{36})\.([0-9a-z]{1,8})\.([0-9a-z]{1,11})\.[\w-]{43}$/;

/** Why a pass is of no use from now on: its ticket is over or gone, or none of the place it was shown at. */
const ENDS = [NoTicketError, CredentialsError, TicketUsedError, TicketExpiredError, TicketRevokedError];

/** Whether an error is the end of the pass that met it; not so where nobody could tell what its ticket is worth. */
export const endsPass = (error: unknown): boolean => ENDS.some((end) => error instanceof end);

/** The pass as text for a cookie; place and purpose are signed but not written. */
export const sealPass = (keyring: Keyring, pass: Pass): string => seal(keyring.current('pass'), pass);

/** Reads a pass for this place and purpose; `undefined` when it is forged, altered, out of time or for elsewhere. */
export function openPass(
  keyring: Keyring,
  text: string,
  place: string,
  purpose: string,
  now: Date,
): ShownPass | undefined {
  const [, id, uuid, generation, expiry] = FORMAT.exec(text) ?? [];
  const key = id === undefined ? undefined : keyring.find('pass', id);
  if (!key || uuid === undefined) return undefined;
  const expiresAt = new Date(parseInt(expiry!, 36));
  const pass = { uuid, place, purpose, generation: parseInt(generation!, 36), expiresAt };
  // The whole text is compared, not its signature alone: a pass has one spelling.
  return sameText(text, seal(key, pass)) && now < expiresAt ? { ...pass, seal: text } : undefined;
}

function seal(key: Key, { uuid, place, purpose, generation, expiresAt }: Pass): string {
  const expiry = expiresAt.getTime();
  const signature = mac(key, uuid, place, purpose, generation, expiry).toString('base64url');
  return [key.id, uuid, generation.toString(36), expiry.toString(36), signature].join('.');
}
