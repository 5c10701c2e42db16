import { type Key, type Keyring, mac, sameText } from '../tickets/keyring.js';
import {
  CredentialsError,
  NoTicketError,
  TicketExpiredError,
  TicketRevokedError,
  TicketUsedError,
} from '../tickets/ticket.errors.js';

/** What a pass says, before it is signed. */
export interface PassContent {
  readonly uuid: string;
  readonly place: string;
  readonly purpose: string;
  /** Which of the ticket's secrets was shown. */
  readonly generation: number;
  readonly grantedAt: Date;
  /** The first instant at which the pass no longer counts. */
  readonly expiresAt: Date;
}

/** Proof, kept by the browser, that the credentials of a ticket were right once. */
export interface Pass extends PassContent {
  /** The text that the browser keeps, or the session for it: whoever has it has the pass. */
  readonly seal: string;
}

/** Key id, uuid, generation, grant and expiry (base 36), HMAC-SHA-256 (43 characters): nothing else is a pass. */
const FORMAT =
  /^([\w-]{8})\.([0-9a-f-]{36})\.([0-9a-z]{1,8})\.([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.[\w-]{43}$/;

/** Why a pass is of no use from now on: its ticket is over or gone, or none of the place it was shown at. */
const ENDS = [NoTicketError, CredentialsError, TicketUsedError, TicketExpiredError, TicketRevokedError];

/** Whether an error is the end of the pass that met it; not so where nobody could tell what its ticket is worth. */
export const endsPass = (error: unknown): boolean => ENDS.some((end) => error instanceof end);

/** The pass as text to be kept; place and purpose are signed but not written. */
export const sealPass = (keyring: Keyring, content: PassContent): string =>
  seal(keyring.current('pass'), content);

/** Reads a pass for this place and purpose; `undefined` when it is forged, altered, out of time or for elsewhere. */
export function openPass(
  keyring: Keyring,
  text: string,
  place: string,
  purpose: string,
  now: Date,
): Pass | undefined {
  const [, id, uuid, generation, grant, expiry] = FORMAT.exec(text) ?? [];
  const key = id === undefined ? undefined : keyring.find('pass', id);
  if (!key || uuid === undefined) return undefined;
  const [grantedAt, expiresAt] = [instant(grant!), instant(expiry!)];
  const content = { uuid, place, purpose, generation: parseInt(generation!, 36), grantedAt, expiresAt };
  // The whole text is compared, not its signature alone: a pass has one spelling.
  return sameText(text, seal(key, content)) && now < expiresAt ? { ...content, seal: text } : undefined;
}

/**
 * When a pass says that it was granted, genuine or not, in ms; before all others, what is none. Nobody is admitted by
 * it: whether a pass for another door is genuine cannot be told, since it does not say for which.
 */
export function allegedGrant(text: string): number {
  const grant = FORMAT.exec(text)?.[4];
  return grant === undefined ? -1 : parseInt(grant, 36);
}

const instant = (digits: string): Date => new Date(parseInt(digits, 36));

function seal(key: Key, { uuid, place, purpose, generation, grantedAt, expiresAt }: PassContent): string {
  const [grant, expiry] = [grantedAt.getTime(), expiresAt.getTime()];
  const signature = mac(key, uuid, place, purpose, generation, grant, expiry).toString('base64url');
  return [key.id, uuid, ...[generation, grant, expiry].map((part) => part.toString(36)), signature].join('.');
}
