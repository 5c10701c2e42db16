import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CodeKind, isGeneratedSecret, typedCode } from '../../../lib/tickets/secrets/secret.js';
import { Keyring } from '../../../lib/tickets/secrets/keyring.js';
import type { SecretScope } from '../../../lib/tickets/secrets/verifier.js';
import {
  anyBorders,
  anyBytes,
  anyName,
  anyPassword,
  anySecret,
  anyText,
  anyUuid,
  RUNS,
  textOf,
} from '../../support/anything.js';
import { anyChange, changed } from '../../support/change.js';
import { verifiersOf } from './verifiers.js';

const SECRET = 'a secret of the museum, for tests only';
const { id } = new Keyring([SECRET]).current('id');
/** The real argon2 at the least that it does: it can be run thousands of times, and what it refuses is the same. */
const verifiers = verifiersOf([SECRET], { memoryCost: 8, timeCost: 1, parallelism: 1 });

const anyScope: Arbitrary<SecretScope> = fc.record({
  uuid: anyUuid,
  place: anyName,
  purpose: anyName,
  generation: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

const anyKind = fc.option(
  fc.record<CodeKind>({
    alphabet: fc.constantFrom('digits', 'letters'),
    length: fc.integer({ min: 1, max: 30 }),
  }),
  { nil: undefined },
);

const anyPhc = fc
  .record({
    costs: fc.record({ m: fc.nat({ max: 99 }), t: fc.nat({ max: 3 }), p: fc.nat({ max: 12 }) }),
    order: fc.constantFrom('mtp', 'mpt', 'ptm'),
    salt: anyBytes(0, 20),
    digest: fc.oneof(anyBytes(32), anyBytes(0, 40)),
    kind: fc.constantFrom('', '.digits-8', '.digits-0', '.letters-12', '.letters-99'),
  })
  .map(({ costs, order, salt, digest, kind }) => {
    const parameters = order
      .split('')
      .map((name) => `${name}=${costs[name as 'm' | 't' | 'p']}`)
      .join(',');
    const [saltText, digestText] = [salt, digest].map((bytes) =>
      bytes.toString('base64').replaceAll('=', ''),
    );
    return `argon2id${kind}$${id}$$argon2id$v=19$${parameters}$${saltText}$${digestText}`;
  });

/** Whatever could stand in the column, from far off to nearly right. */
const anyStored = fc.oneof(
  anyText,
  textOf('hmac-sha256', 'argon2id', '.digits-8', '$', id, 'A'.repeat(43), 'v=19', 'm=8,t=1,p=1', '\n'),
  anyBytes(32).map((bytes) => `hmac-sha256$${id}$${bytes.toString('base64url')}`),
  anyPhc,
);

describe('Whatever is stored, it admits nobody', () => {
  it.each([
    ['a generated secret', anySecret],
    ['a human password', anyPassword],
  ])('[C-8] [ST-14] by %s', async (_, anyShown) => {
    const property = fc.asyncProperty(anyStored, anyShown, anyScope, async (stored, shown, scope) => {
      expect(await verifiers.opens(shown, scope, stored)).toBe(false);
    });
    await fc.assert(property, RUNS);
  });
});

/** What a verifier says, where argon2 reads numbers and base64: some digits can be spelled in several ways. */
const meaning = (verifier: string): string =>
  verifier
    .replaceAll(/(?<==|(?:digits|letters)-)0+(?=\d)/g, '')
    .split('$')
    .map((part, at) => (at > 4 ? Buffer.from(part, 'base64').toString('hex') : part))
    .join('$');

/** A code is the same with blanks and hyphens, and without. */
const kept = (secret: string, code: CodeKind | undefined): string =>
  code && !isGeneratedSecret(secret) ? typedCode(secret) : secret;

describe.each([
  ['a generated secret', anySecret],
  ['a human password', anyPassword],
])('The verifier of %s', (_, anyShown) => {
  const anyMade = fc.record({ secret: anyShown, scope: anyScope, code: anyKind });

  it('[C-9] admits its own secret, for its own ticket', async () => {
    const property = fc.asyncProperty(
      anyMade,
      anyShown,
      anyScope,
      async ({ secret, scope, code }, other, elsewhere) => {
        const verifier = await verifiers.make(secret, scope, code);
        expect(await verifiers.opens(secret, scope, verifier)).toBe(true);
        const isSecret = kept(other, code) === kept(secret, code);
        expect(await verifiers.opens(other, scope, verifier)).toBe(isSecret);
        for (const [part, value] of Object.entries(elsewhere)) {
          const moved = { ...scope, [part]: value };
          const isSame = value === scope[part as keyof SecretScope];
          expect(await verifiers.opens(secret, moved, verifier), part).toBe(isSame);
        }
      },
    );
    await fc.assert(property, RUNS);
  });

  it('[C-9] admits nobody where the border between place and purpose is elsewhere', async () => {
    const property = fc.asyncProperty(anyMade, anyBorders, async ({ secret, scope, code }, [there, here]) => {
      const verifier = await verifiers.make(secret, { ...scope, ...there }, code);
      expect(await verifiers.opens(secret, { ...scope, ...here }, verifier)).toBe(false);
    });
    await fc.assert(property, RUNS);
  });

  it('[C-8] admits nobody with any change', async () => {
    const property = fc.asyncProperty(anyMade, anyChange, async ({ secret, scope, code }, change) => {
      const verifier = await verifiers.make(secret, scope, code);
      const damaged = changed(verifier, change);
      fc.pre(meaning(damaged) !== meaning(verifier));
      expect(await verifiers.opens(secret, scope, damaged)).toBe(false);
    });
    await fc.assert(property, RUNS);
  });
});
