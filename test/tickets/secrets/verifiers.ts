import type { Argon2Cost } from '../../../lib/tickets/secrets/argon2.settings.js';
import { Argon2 } from '../../../lib/tickets/secrets/argon2.js';
import { type CodeKind, isGeneratedSecret } from '../../../lib/tickets/secrets/secret.js';
import { Keyring } from '../../../lib/tickets/secrets/keyring.js';
import { type Verdict, Verifiers, type SecretScope } from '../../../lib/tickets/secrets/verifier.js';

/** The least that is accepted. */
export const COST = { memoryCost: 7168, timeCost: 5, parallelism: 1 };
export const SCOPE: SecretScope = { uuid: 'u', place: 'a', purpose: 'b:c', generation: 1 };

/** Verifiers under these secrets, and one check for both kinds, as a guest has it. */
export function verifiersOf(secrets: string[], cost: Argon2Cost = COST) {
  const argon2 = new Argon2({ ...cost, concurrency: 1, queue: 10 });
  const verifiers = new Verifiers(new Keyring(secrets), argon2);
  const check = async (secret: string, scope: SecretScope, verifier: string | undefined): Promise<Verdict> =>
    isGeneratedSecret(secret)
      ? verifiers.checkGenerated(secret, scope, verifier)
      : verifiers.checkPassword(secret, scope, verifier);
  return {
    verifiers,
    check,
    make: (secret: string, scope: SecretScope, code?: CodeKind) => verifiers.make(secret, scope, code),
    opens: async (secret: string, scope: SecretScope, verifier: string | undefined) =>
      (await check(secret, scope, verifier)) === 'right',
  };
}
