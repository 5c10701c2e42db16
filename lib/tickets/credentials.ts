import { inspect } from 'node:util';

/** What a guest shows: the ticket's name and its secret. */
export interface CredentialsLike {
  readonly uuid: string;
  readonly password: string;
}

/** Longest password, in bytes of UTF-8: more is refused before any work is done on it. */
export const PASSWORD_BYTES = 1024;
/** As many characters, however they are typed: at most three (U+0390, decomposed) are two bytes when composed. */
const PASSWORD_CHARACTERS = PASSWORD_BYTES * 1.5;

const REDACTED = '[redacted]';
// `uuid[x]` and `uuid[]` nest under some query parsers and not under others: they are credentials under all, and wrong.
const CREDENTIAL = /^(uuid|password)(\[|$)/;

/** Whether a parameter of this name is one of the credentials, rightly spelled or not. */
export const isCredential = (name: string): boolean => CREDENTIAL.test(name);

/** Whether credentials have lost their secret, by going through JSON. */
export const isRedacted = ({ password }: CredentialsLike): boolean => password === REDACTED;

/** Credentials as they were issued, the only object that holds a secret. Whatever prints or copies it shows none. */
export class Credentials implements CredentialsLike {
  readonly #password: string;

  constructor(
    /** Names the ticket; may be logged. */
    readonly uuid: string,
    password: string,
  ) {
    this.#password = password;
  }

  /** The secret: shown once, never stored. To be had by this name only. */
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

/** The one form in which a password is hashed and compared; `undefined` for what cannot be a password. */
export function canonicalPassword(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > PASSWORD_CHARACTERS) return undefined;
  // A lone surrogate has no UTF-8 form of its own: two different passwords would hash alike.
  if (!value.isWellFormed() || value.includes('\0')) return undefined;
  const normalized = value.normalize('NFC');
  return Buffer.byteLength(normalized, 'utf8') <= PASSWORD_BYTES ? normalized : undefined;
}

/** Reads what a guest has shown; `undefined` when it cannot be anybody's credentials, whatever the database holds. */
export function readCredentials(shown: unknown): CredentialsLike | undefined {
  const { uuid: name, password: secret } = Object(shown) as Record<string, unknown>;
  const uuid = canonicalUuid(name);
  const password = canonicalPassword(secret);
  return uuid === undefined || password === undefined ? undefined : { uuid, password };
}
