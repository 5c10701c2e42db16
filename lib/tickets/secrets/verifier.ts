import type { Scope } from '../scope.js';
import type { Argon2 } from './argon2.js';
import { costOf, isAffordable } from './argon2.settings.js';
import { type Key, type Keyring, type KeyUse, mac, sameText } from './keyring.js';
import { type CodeKind, codeKindOf, isGeneratedSecret } from './secret.js';

/** What a secret is bound to: its verifier, copied to any other row, admits nobody. */
export interface SecretScope extends Scope {
  readonly uuid: string;
  readonly generation: number;
}

/** What a check has found; all but `right` look the same to whoever guesses. */
export type Verdict = 'right' | 'wrong' | 'unreadable' | 'unknown-key';

type Scheme = StoredVerifier['scheme'];

const KEY_OF: Record<Scheme, KeyUse> = { 'hmac-sha256': 'verifier', argon2id: 'password' };

const bind = (key: Key, scope: SecretScope, ...rest: string[]): Buffer =>
  mac(key, scope.uuid, scope.place, scope.purpose, scope.generation, ...rest);

/** The kind of code is bound, too: changed without the app's secret, the verifier is nobody's. */
const bindPassword = (key: Key, scope: SecretScope, code: CodeKind | undefined): Buffer =>
  bind(key, scope, ...(code ? [code.alphabet, String(code.length)] : []));

/**
 * Makes and checks what is stored of a secret. Who made it decides the scheme: HMAC-SHA-256 for the 256 bits generated
 * here; argon2id, keyed, for a human's password and for codes. The shape of the secret that is presented decides which
 * one is run, and it is run whatever is stored, or not: how long a refusal takes tells nothing about why.
 */
export class Verifiers {
  constructor(
    private readonly keyring: Keyring,
    private readonly argon2: Argon2,
  ) {}

  /**
   * @param code its kind, where the secret is a code
   * @throws TicketOfficeBusyError when too many wait for argon2, or there is no memory for it
   */
  async make(secret: string, scope: SecretScope, code?: CodeKind): Promise<string> {
    if (!isGeneratedSecret(secret)) return this.hash(secret, scope, code);
    const key = this.keyring.current('verifier');
    return formatVerifier({
      scheme: 'hmac-sha256',
      keyId: key.id,
      digest: generatedDigest(key, scope, secret),
    });
  }

  /** @param verifier as stored; `undefined` when there is no such ticket */
  checkGenerated(secret: string, scope: SecretScope, verifier: string | undefined): Verdict {
    const { key, digest = '', verdict } = this.read(verifier, 'hmac-sha256');
    const isSame = sameText(generatedDigest(key, scope, secret), digest);
    return verdict ?? (isSame ? 'right' : 'wrong');
  }

  /**
   * The same for what a human can remember.
   *
   * @throws TicketOfficeBusyError when too many wait for argon2, or there is no memory for it
   */
  async checkPassword(secret: string, scope: SecretScope, verifier: string | undefined): Promise<Verdict> {
    const { key, digest = '', code, verdict } = this.read(verifier, 'argon2id');
    const cost = costOf(digest);
    if (verdict || !cost || !isAffordable(cost, this.argon2.cost)) {
      await this.argon2.hash(secret, bindPassword(key, scope, undefined));
      return verdict ?? 'unreadable';
    }
    return (await this.argon2.verify(digest, secret, bindPassword(key, scope, code))) ? 'right' : 'wrong';
  }

  private async hash(secret: string, scope: SecretScope, code?: CodeKind): Promise<string> {
    const key = this.keyring.current('password');
    const digest = await this.argon2.hash(secret, bindPassword(key, scope, code));
    return formatVerifier({ scheme: 'argon2id', code, keyId: key.id, digest });
  }

  /** What to check against; where that is nothing, the verdict already, and a key for the same work. */
  private read(
    verifier: string | undefined,
    scheme: Scheme,
  ): { key: Key; digest?: string; code?: CodeKind | undefined; verdict?: Verdict } {
    const use = KEY_OF[scheme];
    const nothing = (verdict: Verdict) => ({ key: this.keyring.current(use), verdict });
    if (verifier === undefined) return nothing('wrong');
    const stored = parseVerifier(verifier);
    if (!stored) return nothing('unreadable');
    const key = this.keyring.find(use, stored.keyId);
    if (!key) return nothing('unknown-key');
    return stored.scheme === scheme ? { key, digest: stored.digest, code: stored.code } : nothing('wrong');
  }
}

const generatedDigest = (key: Key, scope: SecretScope, secret: string): string =>
  bind(key, scope, secret).toString('base64url');

/** Whether its secret is one that humans can remember, and so can guess. */
export const isGuessable = (verifier: string): boolean =>
  parseVerifier(verifier)?.scheme === GUESSABLE_SCHEME;

/** How the verifiers of secrets begin that humans can remember, and so can guess. */
export const GUESSABLE_SCHEME = 'argon2id';

/** What is stored of a secret, taken apart. */
export interface StoredVerifier {
  readonly scheme: 'hmac-sha256' | typeof GUESSABLE_SCHEME;
  /** What kind of code the secret is, where it is one. */
  readonly code?: CodeKind | undefined;
  /** Which of the app's secrets the key comes from. */
  readonly keyId: string;
  readonly digest: string;
}

const FORMAT = /^(hmac-sha256|argon2id)(?:\.(digits|letters)-(\d{1,2}))?\$([A-Za-z0-9_-]{8})\$(.+)$/;

/** `<scheme>$<key id>$<digest>`; of a code `<scheme>.digits-8$…` or `<scheme>.letters-12$…`. */
export function formatVerifier({ scheme, code, keyId, digest }: StoredVerifier): string {
  const kind = code ? `.${code.alphabet}-${code.length}` : '';
  return `${scheme}${kind}$${keyId}$${digest}`;
}

/** Reads it; `undefined` for what is no verifier. */
export function parseVerifier(text: string): StoredVerifier | undefined {
  const [, scheme, alphabet, length, keyId, digest] = FORMAT.exec(text) ?? [];
  if (keyId === undefined || digest === undefined) return undefined;
  const code = alphabet === undefined ? undefined : codeKindOf({ [alphabet]: Number(length) });
  // A kind of code that is none (of no length).
  if (alphabet !== undefined && !code) return undefined;
  return { scheme: scheme as StoredVerifier['scheme'], code, keyId, digest };
}
