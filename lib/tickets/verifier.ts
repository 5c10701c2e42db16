import { argon2id, hash, verify } from 'argon2';
import type { Argon2Cost } from './argon2.rule.js';
import { type Key, type KeyUse, type Keyring, mac, sameText } from './keyring.js';
import { isGeneratedSecret } from './secret.js';
import { TicketOfficeBusyError } from './ticket.errors.js';

/** What a secret is bound to: its verifier, copied to any other row, admits nobody. */
export interface VerifierScope {
  readonly uuid: string;
  readonly place: string;
  readonly purpose: string;
  readonly generation: number;
}

const FORMAT = /^(hmac-sha256|argon2id)\$([A-Za-z0-9_-]{8})\$(.+)$/;
/** What argon2 can read (a salt of 8 bytes or more, RFC 9106 section 3.1): anything else is nobody's password. */
const ARGON2ID =
  /^\$argon2id\$v=19\$m=\d{1,7},(t=\d{1,5},p=\d{1,3}|p=\d{1,3},t=\d{1,5})\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{43}$/;

const bind = (key: Key, scope: VerifierScope, ...rest: string[]): Buffer =>
  mac(key, scope.uuid, scope.place, scope.purpose, scope.generation, ...rest);

/**
 * Makes and checks what is stored of a secret, as `<scheme>$<key id>$<digest>`. Who made the secret decides the
 * scheme: HMAC-SHA-256 for the 256 bits generated here, argon2id, keyed (RFC 9106's K), for a human's password.
 */
export class Verifiers {
  constructor(
    private readonly keyring: Keyring,
    private readonly cost: Argon2Cost,
  ) {}

  async make(secret: string, scope: VerifierScope): Promise<string> {
    if (isGeneratedSecret(secret)) {
      const key = this.keyring.current('verifier');
      return `hmac-sha256$${key.id}$${bind(key, scope, secret).toString('base64url')}`;
    }
    const key = this.keyring.current('password');
    return `argon2id$${key.id}$${await this.hash(secret, bind(key, scope))}`;
  }

  /**
   * Whether the secret is the one behind the verifier. The shape of the presented secret picks the hash, and the
   * hash is run whatever is stored, or not: how long a refusal takes tells nothing about why.
   *
   * @param verifier as stored; `undefined` when there is no such ticket
   */
  async check(secret: string, scope: VerifierScope, verifier: string | undefined): Promise<boolean> {
    return isGeneratedSecret(secret)
      ? this.checkGenerated(secret, scope, verifier)
      : this.checkHuman(secret, scope, verifier);
  }

  private checkGenerated(secret: string, scope: VerifierScope, verifier: string | undefined): boolean {
    const stored = this.read(verifier, 'hmac-sha256', 'verifier');
    const key = stored?.key ?? this.keyring.current('verifier');
    const digest = bind(key, scope, secret).toString('base64url');
    return sameText(digest, stored?.digest ?? '') && stored !== undefined;
  }

  private async checkHuman(
    secret: string,
    scope: VerifierScope,
    verifier: string | undefined,
  ): Promise<boolean> {
    const stored = this.read(verifier, 'argon2id', 'password');
    if (stored && ARGON2ID.test(stored.digest)) {
      return verify(stored.digest, secret, { secret: bind(stored.key, scope) }).catch(outOfMemory);
    }
    await this.hash(secret, bind(this.keyring.current('password'), scope));
    return false;
  }

  private hash(secret: string, key: Buffer): Promise<string> {
    return hash(secret, { ...this.cost, type: argon2id, secret: key }).catch(outOfMemory);
  }

  private read(
    verifier: string | undefined,
    scheme: 'hmac-sha256' | 'argon2id',
    use: KeyUse,
  ): { key: Key; digest: string } | undefined {
    const [, found, id, digest] = FORMAT.exec(verifier ?? '') ?? [];
    if (found !== scheme || id === undefined || digest === undefined) return undefined;
    const key = this.keyring.find(use, id);
    return key && { key, digest };
  }
}

/** What is left for argon2 to fail at, on a digest that it can read: it gets no memory, or no thread. */
function outOfMemory(cause: unknown): never {
  throw new TicketOfficeBusyError({ cause });
}
