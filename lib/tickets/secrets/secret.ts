import { randomFillSync, randomInt } from 'node:crypto';
import { withoutUndefined } from '../input/rules.js';

/** Marks a secret as ours, for people and for secret scanners. */
const PREFIX = 'tkt_';
/** 256 bits: far above the 112 from which a fast hash is right (NIST SP 800-63B-4, section 3.1.2.2). */
const SECRET_BYTES = 32;
const GENERATED = /^tkt_[A-Za-z0-9_-]{43}$/;

/** Random bytes for the next secrets: to ask for each one's by itself takes eight times as long. */
const random = Buffer.alloc(64 * SECRET_BYTES);
let next = random.length;

/** A new secret: `tkt_` and 43 base64url characters. */
export function generateSecret(): string {
  if (next === random.length) {
    randomFillSync(random);
    next = 0;
  }
  const start = next;
  next += SECRET_BYTES;
  const secret = PREFIX + random.toString('base64url', start, next);
  random.fill(0, start, next);
  return secret;
}

/** Whether a secret has the shape of a generated one: the shape alone decides how it is kept and checked. */
export const isGeneratedSecret = (secret: string): boolean => GENERATED.test(secret);

/**
 * A code for people to type (digits) or to dictate (letters), by its length: at most 64 characters, and long enough for
 * the module's `maxAttempts` (for five guesses, at least six digits or five letters).
 */
export type CodeInput = { readonly digits: number } | { readonly letters: number };

/** A code's alphabet and length, stored in the verifier, so that a reissued ticket gets a code again. */
export interface CodeKind {
  readonly alphabet: keyof typeof ALPHABETS;
  readonly length: number;
}

/** No i, l or o, which are easily misread or misheard; and one case, because nobody dictates case. */
const ALPHABETS = { digits: '0123456789', letters: 'abcdefghjkmnpqrstuvwxyz' } as const;
/** Codes for each guess that is allowed, so that all guesses together succeed once in 100 000 times. */
const LEAST_POSSIBILITIES = 100_000;
/** Lifetime of a code that is issued without an expiry, in ms: 10 minutes (NIST SP 800-63B-4, section 3.1.3.2). */
export const CODE_LIFE = 600_000;
/** More than anybody types. */
const LONGEST_CODE = 64;

/** What is wrong with a {@link CodeInput}, and what to write; nothing when it is fine. */
export function codeProblem(input: object, guesses: number): string | undefined {
  const kind = codeKindOf(input);
  if (!kind) return `must be a string, { digits: n } or { letters: n }, with n from 1 to ${LONGEST_CODE}`;
  const least = leastLength(kind.alphabet, guesses);
  if (kind.length >= least) return undefined;
  return `would be guessed too easily, with ${guesses} wrong guesses allowed: write { ${kind.alphabet}: ${least} } at least`;
}

/** The kind of code that an input describes; `undefined` when it describes none. */
export function codeKindOf(input: object): CodeKind | undefined {
  const [[alphabet, length] = [], ...others] = Object.entries(
    withoutUndefined<Record<string, unknown>>({ ...input }),
  );
  if (others.length > 0 || !isAlphabet(alphabet) || !Number.isInteger(length)) return undefined;
  const kind = { alphabet, length: length as number };
  return kind.length >= 1 && kind.length <= LONGEST_CODE ? kind : undefined;
}

const isAlphabet = (name: unknown): name is CodeKind['alphabet'] =>
  typeof name === 'string' && Object.hasOwn(ALPHABETS, name);

/** How many characters a code needs to withstand this many guesses. */
export function leastLength(alphabet: CodeKind['alphabet'], guesses: number): number {
  const size = ALPHABETS[alphabet].length;
  let length = 1;
  for (let possibilities = size; possibilities < LEAST_POSSIBILITIES * guesses; possibilities *= size)
    length += 1;
  return length;
}

/**
 * What people type between the characters of a code, and what a copied text has there that nobody sees. U+30FC is the
 * long vowel mark, which a Japanese keyboard types for the hyphen; Unicode counts it as a letter.
 */
const BETWEEN = /[\p{White_Space}\p{Dash}\p{Cf}\u30FC]/gu;

/**
 * A code as it is kept, from a code as people type it: without blanks, hyphens and dashes, in lower case, and in plain
 * digits and letters for the full-width ones of Chinese and Japanese keyboards. No two codes of an alphabet become one.
 */
export const typedCode = (shown: string): string =>
  shown.normalize('NFKC').replace(BETWEEN, '').toLowerCase();

/** A random code: each character is as likely as any other at each position. */
export function makeCode({ alphabet, length }: CodeKind): string {
  const characters = ALPHABETS[alphabet];
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
}
