import { type CodeKind, codeKindOf } from './code.js';

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
