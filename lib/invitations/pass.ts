import { type Keyring, mac, sameText } from '../tickets/keyring.js';

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

/** Key id, uuid, generation and expiry (base 36), HMAC-SHA-256 (43 characters): nothing else is a pass. */
const FORMAT = /^([\w-]{8})\.([0-9a-f-]{36})\.([0-9a-z]{1,8})\.([0-9a-z]{1,11})\.([\w-]{43})$/;

const sign = (key: Parameters<typeof mac>[0], pass: Pass): string =>
  mac(key, pass.uuid, pass.place, pass.purpose, pass.generation, pass.expiresAt.getTime()).toString(
    'base64url',
  );

/** The pass as text for a cookie; place and purpose are signed but not written. */
export function sealPass(keyring: Keyring, pass: Pass): string {
  const key = keyring.current('pass');
  const generation = pass.generation.toString(36);
  return [key.id, pass.uuid, generation, pass.expiresAt.getTime().toString(36), sign(key, pass)].join('.');
}

/** Reads a pass for this place and purpose; `undefined` when it is forged, altered, out of time or for elsewhere. */
export function openPass(
  keyring: Keyring,
  text: string,
  place: string,
  purpose: string,
  now: Date,
): Pass | undefined {
  const [, id, uuid, generation, expiry, signature] = FORMAT.exec(text) ?? [];
  const key = id === undefined ? undefined : keyring.find('pass', id);
  if (!key || uuid === undefined) return undefined;
  const expiresAt = new Date(parseInt(expiry!, 36));
  const pass = { uuid, place, purpose, generation: parseInt(generation!, 36), expiresAt };
  return sameText(signature!, sign(key, pass)) && now < expiresAt ? pass : undefined;
}
