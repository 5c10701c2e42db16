import type { Scope } from '../scope.js';
import type { Argon2 } from './argon2.js';
import { costOf, isAffordable } from './argon2.settings.js';
import { type Key, type Keyring, type KeyUse, mac, macText, sameText } from './keyring.js';
import { type CodeKind, codeKindOf, isGeneratedSecret, typedCode } from './secret.js';

/** What a secret is bound to: a copy of its verifier on another row admits nobody. */
export interface SecretScope extends Scope {
  readonly uuid: string;
  readonly generation: number;
}

/** The result of a check; all but `right` look the same to a stranger. */
export type Verdict = 'right' | 'wrong' | 'unreadable' | 'unknown-key';

/** Whether a guest waits for a hash, or it is one of many that can wait for the guests. */
export type Urgency = 'now' | 'later';

type Scheme = StoredVerifier['scheme'];

const KEY_OF: Record<Scheme, KeyUse> = { 'hmac-sha256': 'verifier', argon2id: 'password' };

/** Binds the kind of code, too: a verifier whose kind was changed without the app's secret admits nobody. */
const bindPassword = (
  key: Key,
  { uuid, place, purpose, generation }: SecretScope,
  code: CodeKind | undefined,
): Buffer =>
  mac(key, uuid, place, purpose, generation, ...(code ? [code.alphabet, String(code.length)] : []));

/**
 * Makes and checks what is stored of a secret: HMAC-SHA-256 of the 256 bits that are generated here; keyed argon2id of a
 * human's password or a code. The shape of the presented secret decides which of the two a check runs, whatever is
 * stored, or if nothing is: the duration of a refusal reveals nothing about its reason.
 */
export class Verifiers {
  constructor(
    private readonly keyring: Keyring,
    private readonly argon2: Argon2,
  ) {}

  /**
   * @param code its kind, where the secret is a code
   * @param urgency `later` for one of many that nobody waits for: guests go before it
   * @throws TicketOfficeBusyError when too many wait for argon2, unless it is for later, or there is no memory for it
   */
  async make(secret: string, scope: SecretScope, code?: CodeKind, urgency: Urgency = 'now'): Promise<string> {
    return isGeneratedSecret(secret)
      ? this.makeGenerated(secret, scope)
      : this.hash(secret, scope, code, urgency);
  }

  /**
   * The same at once.
   *
   * @param secret a generated one
   */
  makeGenerated(secret: string, scope: SecretScope): string {
    const key = this.keyring.current('verifier');
    const digest = generatedDigest(key, scope, secret);
    return formatVerifier({ scheme: 'hmac-sha256', keyId: key.id, digest });
  }

  /** @param verifier as stored; `undefined` when there is no such ticket */
  checkGenerated(secret: string, scope: SecretScope, verifier: string | undefined): Verdict {
    const { key, digest = '', verdict } = this.read(verifier, 'hmac-sha256');
    const isSame = sameText(generatedDigest(key, scope, secret), digest);
    return verdict ?? (isSame ? 'right' : 'wrong');
  }

  /**
   * The same for a human's password, or for a code, however people type it.
   *
   * @throws TicketOfficeBusyError when too many wait for argon2, or there is no memory for it
   */
  async checkPassword(secret: string, scope: SecretScope, verifier: string | undefined): Promise<Verdict> {
    const { key, digest = '', code, verdict } = this.read(verifier, GUESSABLE_SCHEME);
    const cost = costOf(digest);
    if (verdict || !cost || !isAffordable(cost, this.argon2.cost)) {
      await this.argon2.hash(secret, bindPassword(key, scope, undefined));
      return verdict ?? 'unreadable';
    }
    const isRight = await this.argon2.verify(digest, folded(secret, code), bindPassword(key, scope, code));
    return isRight ? 'right' : 'wrong';
  }

  /** How many {@link make} can hash at the same time. */
  get concurrency(): number {
    return this.argon2.concurrency;
  }

  private async hash(
    secret: string,
    scope: SecretScope,
    code: CodeKind | undefined,
    urgency: Urgency,
  ): Promise<string> {
    const key = this.keyring.current('password');
    const hash = urgency === 'later' ? 'hashLast' : 'hash';
    const digest = await this.argon2[hash](folded(secret, code), bindPassword(key, scope, code));
    return formatVerifier({ scheme: GUESSABLE_SCHEME, code, keyId: key.id, digest });
  }

  /** What to check against; where there is nothing, the verdict, and a key to do the same work with. */
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

/** What is hashed: a code as it is kept, however people type it; a human's password itself. */
const folded = (secret: string, code: CodeKind | undefined): string => (code ? typedCode(secret) : secret);

const generatedDigest = (
  key: Key,
  { uuid, place, purpose, generation }: SecretScope,
  secret: string,
): string => macText(key, uuid, place, purpose, generation, secret);

/** Whether its secret is a password or a code, which can be guessed: the same test as the one of TicketConditions. */
export const isGuessable = (verifier: string): boolean => verifier.startsWith(GUESSABLE_SCHEME);

const HMAC_DIGEST = /^[A-Za-z0-9_-]{43}$/;

/** Whether a text is a verifier that this version can check a secret against, at whatever cost. */
export function isVerifier(text: string): boolean {
  const { scheme, digest = '' } = parseVerifier(text) ?? {};
  return scheme === GUESSABLE_SCHEME ? costOf(digest) !== undefined : HMAC_DIGEST.test(digest);
}

/** The scheme of passwords and codes, which can be guessed: their verifiers begin with it. */
export const GUESSABLE_SCHEME = 'argon2id';

/** The parts of what is stored of a secret. */
export interface StoredVerifier {
  readonly scheme: 'hmac-sha256' | typeof GUESSABLE_SCHEME;
  /** What kind of code the secret is, where it is one. */
  readonly code?: CodeKind | undefined;
  /** The id of the key, and so of the app's secret that it is derived from. */
  readonly keyId: string;
  readonly digest: string;
}

const FORMAT = /^(hmac-sha256|argon2id)(?:\.(digits|letters)-(\d{1,2}))?\$([A-Za-z0-9_-]{8})\$(.+)$/;

/** `<scheme>$<key id>$<digest>`; for a code, `<scheme>.digits-8$…` or `<scheme>.letters-12$…`. */
export function formatVerifier({ scheme, code, keyId, digest }: StoredVerifier): string {
  const kind = code ? `.${code.alphabet}-${code.length}` : '';
  return `${scheme}${kind}$${keyId}$${digest}`;
}

/** Takes it apart; `undefined` for a text that is no verifier. */
export function parseVerifier(text: string): StoredVerifier | undefined {
  const [, scheme, alphabet, length, keyId, digest] = FORMAT.exec(text) ?? [];
  if (keyId === undefined || digest === undefined) return undefined;
  const code = alphabet === undefined ? undefined : codeKindOf({ [alphabet]: Number(length) });
  // A length that no code has, such as 0.
  if (alphabet !== undefined && !code) return undefined;
  return { scheme: scheme as StoredVerifier['scheme'], code, keyId, digest };
}
