import { createHmac, type Hmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { describe } from '../input/rules.js';

/** What a key is for. Each use has a key of its own, so that a value made for one never fits another. */
export type KeyUse = 'verifier' | 'password' | 'pass' | 'id';

/** A key, and the short public id that is stored with each value that it has made. */
export interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** 32 characters of base64 hold 192 bits: above the 112 that NIST SP 800-131A requires of a key. */
const MIN_SECRET_LENGTH = 32;
/** SHA-256's output, which is HKDF's and HMAC's natural key length: 32 bytes (RFC 5869, RFC 2104). */
const KEY_BYTES = 32;
/** Enough to tell an app's few secrets apart: 6 bytes, 8 characters. */
const ID_BYTES = 6;

const derive = (secret: string, use: KeyUse | 'tag'): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `nestjs-ticketoffice/${use}/v1`, KEY_BYTES));

/** 8 characters of base64url. */
const shortened = (bytes: Buffer): string => bytes.subarray(0, ID_BYTES).toString('base64url');

/**
 * The keys derived (HKDF, RFC 5869) from the app's secrets: the first secret makes new values, and values made
 * under any of them are still recognised, so that a secret can be replaced while the app runs.
 */
export class Keyring {
  // `#` and not `private`: a service or a request may be printed, without its keys.
  readonly #keys: ReadonlyMap<string, Record<KeyUse, Buffer>>;
  readonly #currentId: string;
  /**
   * A public name of the office for each of its secrets, the current one's first: two apps on one host have different
   * ones, unless they share a secret.
   */
  readonly tags: readonly string[];

  constructor(secrets: readonly string[]) {
    const entries = secrets.map((secret) => {
      const keys = {
        verifier: derive(secret, 'verifier'),
        password: derive(secret, 'password'),
        pass: derive(secret, 'pass'),
        id: derive(secret, 'id'),
      };
      return [shortened(keys.id), keys] as const;
    });
    this.#keys = new Map(entries);
    this.#currentId = entries[0]![0];
    this.tags = secrets.map((secret) => shortened(derive(secret, 'tag')));
  }

  /** The key for new values. */
  current(use: KeyUse): Key {
    return { id: this.#currentId, bytes: this.#keys.get(this.#currentId)![use] };
  }

  /** The key that made an older value; `undefined` when its secret is gone. */
  find(use: KeyUse, id: string): Key | undefined {
    const keys = this.#keys.get(id);
    return keys && { id, bytes: keys[use] };
  }
}

/**
 * HMAC-SHA-256 over a list of fields, each preceded by its length, so that ('a', 'b:c') and ('a:b', 'c') differ.
 *
 * @returns 32 bytes
 */
export const mac = (key: Key, ...fields: readonly (string | number)[]): Buffer =>
  hmacOf(key, fields).digest();

/** The same in base64url: 43 characters, at less cost than by way of the bytes. */
export const macText = (key: Key, ...fields: readonly (string | number)[]): string =>
  hmacOf(key, fields).digest('base64url');

function hmacOf(key: Key, fields: readonly (string | number)[]): Hmac {
  // In one piece: each call of the hash costs more than its bytes.
  let text = '';
  for (const field of fields) text += `${Buffer.byteLength(String(field), 'utf8')}:${field}`;
  return createHmac('sha256', key.bytes).update(text, 'utf8');
}

/** Whether two texts are equal, in a time that does not depend on where they differ. */
export function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left, 'utf8');
  const b = Buffer.from(right, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}

/** White space at either end, and what is as invisible there: another program that reads the same file may leave it out. */
const BLANK_END = /^[\s\p{Cc}\p{Cf}]|[\s\p{Cc}\p{Cf}]$/u;

/** What is wrong with the option `secret`, and what to write; nothing when it is fine. Never shows a secret. */
export function secretProblem(value: unknown): string | undefined {
  const secrets: unknown[] = Array.isArray(value) ? value : [value];
  const wanted = `must be a string of at least ${MIN_SECRET_LENGTH} characters (openssl rand -base64 32), or a list of them`;
  if (secrets.length === 0) return `${wanted}, not an empty list`;
  for (const secret of secrets) {
    if (typeof secret !== 'string') return `${wanted}, not ${describe(secret)}`;
    if (secret.length < MIN_SECRET_LENGTH) return `${wanted}; this one has ${secret.length}`;
    if (BLANK_END.test(secret)) {
      return 'must not begin or end with white space, as text from a file does: write secret.trim()';
    }
  }
  return new Set(secrets).size === secrets.length ? undefined : 'must not have the same secret twice';
}
