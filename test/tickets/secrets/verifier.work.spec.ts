import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { generateSecret } from '../../../lib/tickets/secrets/secret.js';
import { SCOPE, verifiersOf } from './verifiers.js';

let runs = 0;
let macs = 0;

// The real argon2, counted: what it costs is all that a stranger could measure.
vi.mock('argon2', async (importOriginal) => {
  const argon2 = await importOriginal<typeof import('argon2')>();
  const hash = (...given: Parameters<typeof argon2.hash>) => ((runs += 1), argon2.hash(...given));
  const verify = (...given: Parameters<typeof argon2.verify>) => ((runs += 1), argon2.verify(...given));
  return { ...argon2, hash, verify };
});

vi.mock('node:crypto', async (importOriginal) => {
  const crypto = await importOriginal<typeof import('node:crypto')>();
  const createHmac = (...given: Parameters<typeof crypto.createHmac>) => (
    (macs += 1),
    crypto.createHmac(...given)
  );
  return { ...crypto, createHmac };
});

const make = () => verifiersOf(['x'.repeat(32)]);

describe('[G-5] The work of a check', () => {
  let verifiers: ReturnType<typeof make>;
  let stored: { human: string; generated: string };
  beforeAll(async () => {
    stored = {
      human: await make().make('I love Paris', SCOPE),
      generated: await make().make(generateSecret(), SCOPE),
    };
  });
  beforeEach(() => {
    verifiers = make();
    runs = 0;
    macs = 0;
  });

  const WRONG: [string, () => string | undefined][] = [
    ['wrong', () => stored.human],
    ['for a ticket that is unknown', () => undefined],
    ['for a ticket with a generated secret', () => stored.generated],
    ['for a ticket whose verifier is garbage', () => 'garbage'],
    ['for a ticket whose hash would cost all memory', () => stored.human.replace('m=7168', 'm=4194304')],
    ['for a ticket of a secret that was removed', () => stored.human.replace(/\$.{8}\$/, '$AAAAAAAA$')],
  ];

  it.each(WRONG)('is one argon2 when a human password is %s, from the first time on', async (_, verifier) => {
    for (let time = 1; time <= 3; time += 1) {
      expect(await verifiers.opens('I love London', SCOPE, verifier())).toBe(false);
      expect(runs).toBe(time);
    }
  });

  it.each(WRONG)('is one HMAC and no argon2 when a generated secret is %s', async (_, verifier) => {
    expect(await verifiers.opens(generateSecret(), SCOPE, verifier())).toBe(false);
    expect({ runs, macs }).toEqual({ runs: 0, macs: 1 });
  });

  it('is one argon2 when a human password is right', async () => {
    expect(await verifiers.opens('I love Paris', SCOPE, stored.human)).toBe(true);
    expect(runs).toBe(1);
  });
});
