import { inspect } from 'node:util';

/** What a guest presents: the uuid of a ticket, and its secret. */
export interface CredentialsLike {
  readonly uuid: string;
  readonly password: string;
}

/** Longest password, in bytes of UTF-8: a longer one is refused before it is hashed. */
export const PASSWORD_BYTES = 1024;
/** The same limit in UTF-16 code units, before normalization: at most three of them (U+0390) become two bytes. */
const PASSWORD_CHARACTERS = PASSWORD_BYTES * 1.5;

const REDACTED = '[redacted]';

/** Whether credentials have lost their secret, by going through JSON. */
export const isRedacted = ({ password }: CredentialsLike): boolean => password === REDACTED;

/** Issued credentials. JSON, text, `inspect` and copies of this object do not contain the secret. */
export class Credentials implements CredentialsLike {
  readonly #password: string;

  constructor(
    /** Names the ticket; may be logged. */
    readonly uuid: string,
    password: string,
  ) {
    this.#password = password;
  }

  /** The secret. The database has only a hash of it, so this object is the one copy. */
  get password(): string {
    return this.#password;
  }

  toJSON(): CredentialsLike {
    return { uuid: this.uuid, password: REDACTED };
  }

  toString(): string {
    return `${this.uuid}:${REDACTED}`;
  }

  [inspect.custom](): string {
    return `Credentials { uuid: '${this.uuid}', password: '${REDACTED}' }`;
  }
}

const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BARE = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** The one spelling under which a uuid is stored: lower case, with hyphens. `undefined` for anything else. */
export function canonicalUuid(value: unknown): string | undefined {
  // Only ASCII goes on: lower-casing turns some other letters (the Kelvin sign) into ASCII ones.
  if (typeof value !== 'string' || !/^[0-9a-fA-F-]{32,36}$/.test(value)) return undefined;
  const lower = value.toLowerCase();
  if (HYPHENATED.test(lower)) return lower;
  return BARE.test(lower) ? lower.replace(BARE, '$1-$2-$3-$4-$5') : undefined;
}

/**
 * The one form in which a password is hashed and compared; `undefined` for what cannot be a password. `+` and a blank are
 * one character: in a link that mail has rewritten, nobody can tell which of them was meant. Otherwise nothing is changed
 * beyond Unicode's normal form C.
 */
export function canonicalPassword(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > PASSWORD_CHARACTERS) return undefined;
  // A lone surrogate has no UTF-8 form of its own: two different passwords would hash alike.
  if (!value.isWellFormed() || value.includes('\0')) return undefined;
  const normalized = value.normalize('NFC').replaceAll('+', ' ');
  return Buffer.byteLength(normalized, 'utf8') <= PASSWORD_BYTES ? normalized : undefined;
}

/** Reads what a guest has presented; `undefined` when no ticket can have such credentials. */
export function readCredentials(presented: unknown): CredentialsLike | undefined {
  const { uuid: name, password: secret } = Object(presented) as Record<string, unknown>;
  const uuid = canonicalUuid(name);
  const password = canonicalPassword(secret);
  return uuid === undefined || password === undefined ? undefined : { uuid, password };
}
